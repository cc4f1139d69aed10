# METADATA
# title: Restarts and resets
# description: A restart cuts the home off for minutes; a factory reset may cut it off for good
package gatewright.change.resets

import rego.v1

covers := {
	"Device.FactoryReset()",
	"Device.Reboot()",
}

# METADATA
# title: A factory reset
# description: A factory reset wipes what connects the home, and often the way to mend it.
# custom:
#   code: resets.factory_reset
#   severity: deny
#   remedy: Hand over to a technician who can provision the device anew.
deny contains {"code": "resets.factory_reset", "path": change.path} if {
	some change in input.plan.changes["Device.FactoryReset()"]
}

# METADATA
# title: A restart
# description: A restart cuts off the home for some minutes, calls to emergency services included.
# custom:
#   code: resets.reboot
#   severity: review
#   remedy: Make sure that the subscriber agreed to be offline now.
review contains {"code": "resets.reboot", "path": change.path, "group": "approvers"} if {
	some change in input.plan.changes["Device.Reboot()"]
}
