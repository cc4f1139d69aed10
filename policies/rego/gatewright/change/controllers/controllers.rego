# METADATA
# title: Who manages the device
# description: A device may move to the controller of its other protocol, and back
package gatewright.change.controllers

import rego.v1

covers := {"Device.X_GATEWRIGHT_Controller.Protocol"}

# METADATA
# title: A device is never moved unattended
# description: A device that moves is acted on by another controller from then on, in everything.
# custom:
#   code: controllers.machine
#   severity: deny
#   remedy: Have a person ask for it.
deny contains {"code": "controllers.machine", "path": change.path} if {
	not input.asker.kind == "person"
	some change in input.plan.changes["Device.X_GATEWRIGHT_Controller.Protocol"]
}

# METADATA
# title: Only to a protocol that there is
# description: A device is managed over CWMP (TR-069) or over USP (TR-369).
# custom:
#   code: controllers.unknown
#   severity: deny
#   remedy: Name cwmp or usp.
deny contains {"code": "controllers.unknown", "path": change.path} if {
	some change in input.plan.changes["Device.X_GATEWRIGHT_Controller.Protocol"]
	not _known(change)
}

# METADATA
# title: A device moves to another controller
# description: From then on another controller acts on the device, in everything.
# custom:
#   code: controllers.move
#   severity: review
#   remedy: Make sure that the device has spoken that protocol lately.
review contains {"code": "controllers.move", "path": change.path, "group": "approvers"} if {
	some change in input.plan.changes["Device.X_GATEWRIGHT_Controller.Protocol"]
}

_known(change) if change.after in {"cwmp", "usp"}
