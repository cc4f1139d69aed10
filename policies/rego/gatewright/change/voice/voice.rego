# METADATA
# title: Telephony
# description: A line that may carry a call to the emergency services (TR-104)
package gatewright.change.voice

import rego.v1

_family := "Device.Services.VoiceService."

_lines := {
	"Device.Services.VoiceService.{i}.CallControl.Line.{i}.Enable",
	"Device.Services.VoiceService.{i}.SIP.Client.{i}.Enable",
}

_comforts := {"Device.Services.VoiceService.{i}.CallControl.CallingFeatures.Set.{i}.CallWaitingEnable"}

# It rewrites what telephones say to their server, which helps some of them and breaks others.
_helpers := {"Device.Firewall.ConnectionTracking.SIP.Enable"}

# METADATA
# title: Telephony is never touched unattended
# description: A line that falls silent is noticed when somebody needs an ambulance.
# custom:
#   code: voice.machine
#   severity: deny
#   remedy: Let a person do it who can make a test call afterwards.
deny contains {"code": "voice.machine", "path": change.path} if {
	not input.asker.kind == "person"
	some template in _touched
	changes := input.plan.changes[template]
	some change in changes
}

# METADATA
# title: Numbers, registration and dialling
# description: Who answers an emergency call, and from where it seems to come, is not changed from here.
# custom:
#   code: voice.locked
#   severity: deny
#   remedy: Change it in the telephony platform, which provisions the device.
deny contains {"code": "voice.locked", "path": change.path} if {
	some template in _touched
	changes := input.plan.changes[template]
	some change in changes
	not _may_change(template)
}

# METADATA
# title: A switch that is neither on nor off
# description: It cannot be told whether the line would work.
# custom:
#   code: voice.value_unfit
#   severity: deny
#   remedy: Send true or false.
deny contains {"code": "voice.value_unfit", "path": change.path} if {
	some template in ((_lines | _comforts) | _helpers)
	changes := input.plan.changes[template]
	some change in changes
	not _fit(change)
}

# METADATA
# title: A telephone line
# description: While the line is off, nobody in the home can call the emergency services with it.
# custom:
#   code: voice.line
#   severity: review
#   remedy: Make sure that the home has another telephone, and make a test call afterwards.
review contains {"code": "voice.line", "path": change.path, "group": "noc"} if {
	some template in _lines
	changes := input.plan.changes[template]
	some change in changes
}

# METADATA
# title: A comfort of the telephone
# description: It changes what callers and called hear, on a line that may carry an emergency call.
# custom:
#   code: voice.comfort
#   severity: review
#   remedy: Make a test call afterwards.
review contains {"code": "voice.comfort", "path": change.path, "group": "approvers"} if {
	some template in _comforts
	changes := input.plan.changes[template]
	some change in changes
}

# METADATA
# title: The helper of telephones
# description: A telephone that is registered now may no longer be, with or without the helper.
# custom:
#   code: voice.helper
#   severity: review
#   remedy: Make a test call afterwards.
review contains {"code": "voice.helper", "path": change.path, "group": "approvers"} if {
	some template in _helpers
	changes := input.plan.changes[template]
	some change in changes
}

_touched contains template if {
	some template in _helpers
	input.plan.changes[template]
}

_touched contains template if {
	_family in input.plan.objects
	some template in object.keys(input.plan.changes)
	startswith(template, _family)
}

_may_change(template) if {
	input.plan.op == "set"
	template in ((_lines | _comforts) | _helpers)
}

_fit(change) if change.after in {true, false}
