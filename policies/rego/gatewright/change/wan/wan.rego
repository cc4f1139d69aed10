# METADATA
# title: The way to the internet
# description: Resolvers may be set to those the operator lists; the rest is for the network team
package gatewright.change.wan

import rego.v1

import data.gatewright.resolvers
import data.gatewright.suspension

covers := {"Device.DNS.Client.Server.{i}.DNSServer"}

_families := {
	"Device.Ethernet.Interface.",
	"Device.Ethernet.Link.",
	"Device.Ethernet.VLANTermination.",
	"Device.IP.Interface.",
	"Device.PPP.Interface.",
	"Device.Routing.",
}

# METADATA
# title: A resolver that is not listed
# description: The address is not one of the resolvers that the operator runs or trusts.
# custom:
#   code: wan.resolver_not_listed
#   severity: deny
#   remedy: Use a listed resolver, or have the address added to the list.
deny contains {"code": "wan.resolver_not_listed", "path": change.path} if {
	some change in input.plan.changes["Device.DNS.Client.Server.{i}.DNSServer"]
	not _listed(change)
}

# METADATA
# title: The line is never touched unattended
# description: A mistake here takes the home off the internet, out of reach of any correction.
# custom:
#   code: wan.machine
#   severity: deny
#   remedy: Hand this over to the network team.
deny contains {"code": "wan.machine", "path": path} if {
	not input.asker.kind == "person"
	some path in _of_the_line
}

# METADATA
# title: Only values of the line are changed from here
# description: Adding or deleting an object of the line, or a command to it, cannot be undone.
# custom:
#   code: wan.only_values
#   severity: deny
#   remedy: Do it in the provisioning system.
deny contains {"code": "wan.only_values", "path": path} if {
	not input.plan.op == "set"
	some path in _of_the_line
}

# METADATA
# title: The network team looks at changes to the line
# description: A mistake here takes the home off the internet, out of reach of any correction.
# custom:
#   code: wan.network_team
#   severity: review
#   remedy: Ask the network team; have somebody at the home who can restart the device.
review contains {"code": "wan.network_team", "path": path, "group": "noc"} if {
	some path in _of_the_line
}

_of_the_line contains change.path if {
	some family in (_families & {touched | some touched in input.plan.objects})
	some template in object.keys(input.plan.changes)
	startswith(template, family)
	some change in input.plan.changes[template]
}

_listed(change) if {
	is_string(change.after)
	change.after in resolvers.addresses
}

# Who may lead a home there is for the topic of suspension to say.
_listed(change) if {
	is_string(change.after)
	change.after in suspension.resolvers
}
