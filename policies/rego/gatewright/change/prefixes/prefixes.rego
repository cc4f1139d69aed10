# METADATA
# title: IPv6 from the network
# description: Whether the device asks the network for addresses and prefixes of IPv6
package gatewright.change.prefixes

import rego.v1

covers := {"Device.DHCPv6.Client.{i}.Enable", "Device.DHCPv6.Client.{i}.RequestPrefixes"}

# METADATA
# title: Machines do not take IPv6 away
# description: Without a prefix nothing in the home has an address of IPv6.
# custom:
#   code: prefixes.machine
#   severity: deny
#   remedy: Let a support agent do it, with the subscriber on the line.
deny contains {"code": "prefixes.machine", "path": change.path} if {
	not input.asker.kind == "person"
	not input.point == "rollback"
	some change in _off
}

# METADATA
# title: No more IPv6
# description: The device would no longer ask for a prefix, and the home loses IPv6.
# custom:
#   code: prefixes.off
#   severity: review
#   remedy: Make sure that nothing in the home is reached by IPv6 alone.
review contains {"code": "prefixes.off", "path": change.path, "group": "approvers"} if {
	some change in _off
}

# What is not plainly switched on is held to be switched off.
_off contains change if {
	some template in covers
	changes := input.plan.changes[template]
	some change in changes
	not change.after == true
}
