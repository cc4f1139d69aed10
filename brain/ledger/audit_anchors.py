"""What a walk along an audit chain is held against: the signed head, the checkpoints, the keys."""

from pathlib import Path

from brain.domain.audit import AuditHead
from brain.domain.identity import TenantId
from brain.ledger.audit_chain import AuditReport, ChainCheck, Link, head_bytes
from brain.ledger.audit_checkpoints import EVERY
from brain.ledger.audit_export import Heading, Line, tenant_bytes
from brain.ledger.audit_file import Checkpoint, read_checkpoints
from brain.ledger.audit_keys import KeyRing, fingerprint


class Trail:
    """One tenant's chain, and all that vouches for it from outside."""

    def __init__(self, tenant: TenantId, keys: KeyRing, path: Path | None = None) -> None:
        self.tenant = tenant
        self._keys, self._path = keys, path
        self._as_json = tenant_bytes(tenant)
        self._hashes: dict[int, str] = {}
        """Memory grows with the checkpoints, not with the records."""
        self._signers: dict[int, bytes] = {}
        self.check = ChainCheck(tenant, self._hashes, keys)

    @classmethod
    def noted_in(cls, tenant: TenantId, keys: KeyRing, path: Path | None) -> "Trail":
        """With the checkpoints of this file."""
        trail = cls(tenant, keys, path)
        for number, each in read_checkpoints(path) if path else ():
            trail._note(each, f"line {number} of {path}")
        return trail

    def take(self, whose: bytes, line: Line) -> AuditHead | None:
        """The next line of an exported file; the head, when it is one."""
        check = self.check
        if isinstance(line, Link):
            of_this = whose == self._as_json
            check.follow(line if of_this else line._replace(holds=False))
        elif isinstance(line, AuditHead):
            return line
        elif isinstance(line, Checkpoint):
            self._note(line, "the checkpoint")
        elif isinstance(line, Heading):
            self._read_heading(line)
        else:
            check.skip(check.seq + 1, "not as it was written")
        return None

    def _read_heading(self, heading: Heading) -> None:
        newest = fingerprint(self._keys.keys[-1])
        if heading.tenant != self.tenant or self.check.line != 1:
            self.check.problem("head", self.check.seq, "a heading that does not belong there")
        if heading.keys and heading.keys[-1] != newest:
            said = f"says that {heading.keys[-1]} signed it, and the newest key given is {newest}"
            self.check.problem("key", 0, said)

    def report(self, head: AuditHead | None) -> AuditReport:
        """Hold the end of the walk against the head and the newest checkpoint."""
        signer = self._hold_head(head)
        self._hold_checkpoints()
        for wrong in self._keys.missing():
            self.check.problem("key", self.check.seq, wrong)
        return AuditReport(
            tenant=self.tenant,
            records=self.check.records,
            checkpoints=len(self._hashes),
            problems=tuple(self.check.problems),
            signed_by=fingerprint(signer) if signer else "",
        )

    def _note(self, each: Checkpoint | None, where: str) -> None:
        """Whether its key may sign there is known when the walk is over."""
        wrong = ""
        key = self._keys.signer(each.signed_bytes, each.signature) if each else None
        if each is None:
            wrong = "cannot be read"
        elif key is None:
            wrong = "was not signed with this key"  # nor may it hide under another's name
        elif each.tenant != self.tenant:
            return
        elif self._hashes.setdefault(each.seq, each.hash) != each.hash:
            wrong = "contradicts one before it"
        else:
            self._signers[each.seq] = key
        if wrong:
            self.check.problem("checkpoint", each.seq if each else 0, f"{where} {wrong}")

    def _hold_head(self, head: AuditHead | None) -> bytes | None:
        """The key that signed it, if one that may."""
        check = self.check
        if head is None:
            if check.records:
                check.problem("head", check.seq, "is the last, and no signed head says so")
            return None
        signer = self._keys.signer(head_bytes(head.tenant, head.seq, head.hash), head.signature)
        if signer is None or signer != self._keys.at(head.seq):
            check.problem("head", head.seq, "the head was not signed with this key")
        if head.tenant != self.tenant:
            check.problem("head", head.seq, "is the head of another trail")
        if head.seq != check.seq:
            check.problem(
                "tail", head.seq, f"is the signed head, but the trail ends at {check.seq}"
            )
        elif check.hash not in (None, head.hash):
            check.problem("head", head.seq, "is another entry than its signed head")
        return signer

    def _hold_checkpoints(self) -> None:
        check, last = self.check, max(self._hashes, default=0)
        for seq, key in self._signers.items():
            if not self._keys.may_sign(key, seq):
                check.problem("checkpoint", seq, f"{fingerprint(key)} does not sign there")
        where = self._path or "the file"
        if last > check.seq:
            check.problem("tail", last, f"was noted in {where} and is gone")
        elif self._path and check.seq - last >= 2 * EVERY:
            check.problem("checkpoint", check.seq, f"{where} knows no entry after {last}")
