# METADATA
# title: How Wi-Fi is encrypted
# description: Never weaker than it is, and never weaker than the operator's least
package gatewright.change.encryption

import rego.v1

import data.gatewright.encryption

_mode := "Device.WiFi.AccessPoint.{i}.Security.ModeEnabled"

_ciphers := "Device.WiFi.AccessPoint.{i}.Security.EncryptionMode"

_frames := "Device.WiFi.AccessPoint.{i}.Security.MFPConfig"

covers := {_ciphers, _frames, _mode}

# METADATA
# title: Machines do not change how Wi-Fi is encrypted
# description: What does not know the new encryption drops out, and nobody would be there to see it.
# custom:
#   code: encryption.machine
#   severity: deny
#   remedy: Let a support agent do it, with the subscriber on the line.
deny contains {"code": "encryption.machine", "path": change.path} if {
	not input.asker.kind == "person"
	some template in _touched
	changes := input.plan.changes[template]
	some change in changes
}

# METADATA
# title: The encryption is too weak
# description: Open networks, WEP, TKIP and whatever the operator did not list are not switched on.
# custom:
#   code: encryption.too_weak
#   severity: deny
#   remedy: Choose WPA2 or WPA3 with AES.
deny contains {"code": "encryption.too_weak", "path": change.path} if {
	some change in _weak
}

# METADATA
# title: The encryption would become weaker
# description: The new mode is weaker than the one in force, or it is not known how strong that is.
# custom:
#   code: encryption.weaker
#   severity: deny
#   remedy: Keep the mode, or move on to a stronger one.
deny contains {"code": "encryption.weaker", "path": change.path} if {
	not input.point == "rollback"
	changes := input.plan.changes["Device.WiFi.AccessPoint.{i}.Security.ModeEnabled"]
	some change in changes
	not _no_weaker(change)
}

# METADATA
# title: Old devices may drop out
# description: A device in the home that does not know the new encryption does not come back by itself.
# custom:
#   code: encryption.drops_devices
#   severity: review
#   remedy: Make sure that the subscriber knows which of their devices are old.
review contains {"code": "encryption.drops_devices", "path": change.path, "group": "approvers"} if {
	some template in _touched
	changes := input.plan.changes[template]
	some change in changes
}

# What the plan touches of it, which is mostly nothing: looked up once.
_touched := [template |
	some template in covers
	input.plan.changes[template]
]

_weak contains change if {
	changes := input.plan.changes["Device.WiFi.AccessPoint.{i}.Security.ModeEnabled"]
	some change in changes
	not _strong(change)
}

_weak contains change if {
	changes := input.plan.changes["Device.WiFi.AccessPoint.{i}.Security.EncryptionMode"]
	some change in changes
	not _listed(change)
}

_weak contains change if {
	changes := input.plan.changes["Device.WiFi.AccessPoint.{i}.Security.MFPConfig"]
	some change in changes
	not _protected(change)
}

_strong_modes contains mode if {
	is_number(encryption.at_least)
	some mode, rank in encryption.modes
	is_number(rank)
	rank >= encryption.at_least
}

_strong(change) if change.after in _strong_modes

_listed(change) if {
	is_string(change.after)
	every cipher in split(change.after, ",") {
		cipher in encryption.ciphers
	}
}

_protected(change) if change.after in encryption.frame_protection

_no_weaker(change) if {
	is_string(change.after)
	is_string(change.before)
	ranks := encryption.modes
	is_number(ranks[change.after])
	is_number(ranks[change.before])
	ranks[change.after] >= ranks[change.before]
}
