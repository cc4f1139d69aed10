// A certified OpenID Connect provider (oidc-provider) with two people in it, for the tests.
// It prints one line when it listens. Any password does: what is tested is what comes after.
import { createServer } from 'node:http';

// Installed elsewhere, so it is named by its address.
const { Provider } = await import(process.env.MODULE);
const { ISSUER, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, GROUPS } = process.env;
const groups = JSON.parse(GROUPS);

const provider = new Provider(ISSUER, {
  clients: [{
    client_id: CLIENT_ID,
    client_secret: CLIENT_SECRET,
    redirect_uris: [REDIRECT_URI],
    post_logout_redirect_uris: [new URL('/sign-in', REDIRECT_URI).href],
  }],
  claims: { openid: ['sub'], profile: ['preferred_username', 'groups'] },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, preferred_username: id, groups: groups[id] ?? [] }),
  }),
  pkce: { required: () => true },
  cookies: { keys: ['for the tests alone'] },
});

createServer(provider.callback()).listen(Number(new URL(ISSUER).port), '127.0.0.1', () => {
  console.log('listening');
});
