# METADATA
# title: Who manages the device
# description: A device may move to another controller that reaches it, and back, and bear tags there
package gatewright.change.controllers

import rego.v1

covers := {"Device.X_GATEWRIGHT_Controller.Name", "Device.X_GATEWRIGHT_GenieACS.Tags"}

# METADATA
# title: A device is never moved unattended
# description: A device that moves is acted on by another controller from then on, in everything.
# custom:
#   code: controllers.machine
#   severity: deny
#   remedy: Have a person ask for it.
deny contains {"code": "controllers.machine", "path": change.path} if {
	not input.asker.kind == "person"
	some change in input.plan.changes["Device.X_GATEWRIGHT_Controller.Name"]
}

# METADATA
# title: Only to a controller that there is
# description: Ours are acs (TR-069) and usp (TR-369), an operator's own genieacs and oktopus.
# custom:
#   code: controllers.unknown
#   severity: deny
#   remedy: Name acs, usp, genieacs or oktopus.
deny contains {"code": "controllers.unknown", "path": change.path} if {
	some change in input.plan.changes["Device.X_GATEWRIGHT_Controller.Name"]
	not _known(change)
}

# METADATA
# title: A device is never tagged unattended
# description: What GenieACS sets by itself may hang on a tag, and no rule sees what that is.
# custom:
#   code: controllers.tagged_by_machine
#   severity: deny
#   remedy: Have a person ask for it.
deny contains {"code": "controllers.tagged_by_machine", "path": change.path} if {
	not input.asker.kind == "person"
	some change in input.plan.changes["Device.X_GATEWRIGHT_GenieACS.Tags"]
}

# METADATA
# title: A device moves to another controller
# description: From then on another controller acts on the device, in everything.
# custom:
#   code: controllers.move
#   severity: review
#   remedy: Make sure that the device has called that controller lately.
review contains {"code": "controllers.move", "path": change.path, "group": "approvers"} if {
	some change in input.plan.changes["Device.X_GATEWRIGHT_Controller.Name"]
}

# METADATA
# title: Presets may hang on a tag
# description: With another tag GenieACS may set other things on the device by itself, and no rule sees which.
# custom:
#   code: controllers.tags
#   severity: review
#   remedy: Look in GenieACS which presets ask for these tags before approving.
review contains {"code": "controllers.tags", "path": change.path, "group": "approvers"} if {
	some change in input.plan.changes["Device.X_GATEWRIGHT_GenieACS.Tags"]
}

_known(change) if change.after in {"acs", "genieacs", "oktopus", "usp"}
