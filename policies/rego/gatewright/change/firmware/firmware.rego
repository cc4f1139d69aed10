# METADATA
# title: Firmware and software
# description: Only versions that the operator listed for the model and the ring, and never backwards
package gatewright.change.firmware

import rego.v1

import data.gatewright.break_glass
import data.gatewright.firmware

_boot := "Device.DeviceInfo.BootFirmwareImage"

_activate := "Device.DeviceInfo.FirmwareImage.{i}.Activate()"

_download := "Device.DeviceInfo.FirmwareImage.{i}.Download()"

covers := {_activate, _boot, _download}

_families := {"Device.DeviceInfo.FirmwareImage.", "Device.SoftwareModules."}

# METADATA
# title: Firmware is not changed from here
# description: Software modules, and what a device says of its firmware, are not changed from here.
# custom:
#   code: firmware.not_from_here
#   severity: deny
#   remedy: Use the rollout of the operator, or start a listed version as a whole.
deny contains {"code": "firmware.not_from_here", "path": change.path} if {
	some family in (_families & {touched | some touched in input.plan.objects})
	some template in object.keys(input.plan.changes)
	startswith(template, family)
	not _covered(template)
	changes := input.plan.changes[template]
	some change in changes
}

# METADATA
# title: Machines do not change firmware
# description: A device that does not come back from an update needs a visit.
# custom:
#   code: firmware.machine
#   severity: deny
#   remedy: Let a person of the network team ask for it.
deny contains {"code": "firmware.machine", "path": change.path} if {
	not input.asker.kind == "person"
	some change in _changes
}

# METADATA
# title: Nobody knows what this would start
# description: The model, its versions, the one in force or the one wanted are not in the operator's list.
# custom:
#   code: firmware.unknown
#   severity: deny
#   remedy: Enter the model, its versions in order and the address of each image.
deny contains {"code": "firmware.unknown", "path": change.path} if {
	some change in _changes
	not _at(change, _listed)
}

# METADATA
# title: Not for this ring
# description: The version is not, or not yet, for the ring {ring} that the device is in.
# custom:
#   code: firmware.not_for_ring
#   severity: deny
#   remedy: Wait until the version reaches the ring, or put the device into an earlier one.
deny contains {"code": "firmware.not_for_ring", "path": change.path, "about": {"ring": ring}} if {
	not input.point == "rollback"
	ring := object.get(input, ["device", "ring"], null)
	some change in _changes
	not _at(change, _in_ring)
}

# METADATA
# title: An older version
# description: Older firmware has holes that were mended since, and may not read what the newer one wrote.
# custom:
#   code: firmware.downgrade
#   severity: deny
#   remedy: Stay, or go forward; in an emergency, break the glass.
deny contains {"code": "firmware.downgrade", "path": change.path} if {
	not input.point == "submit"
	not input.point == "rollback"
	not break_glass.holds
	some change in _changes
	not _at(change, _no_older)
}

# METADATA
# title: An older version is asked for
# description: No approval lets an older version be written; only a broken glass does, when it comes to it.
# custom:
#   code: firmware.older_version
#   severity: review
#   remedy: Stay, or go forward; in an emergency, break the glass.
review contains {"code": "firmware.older_version", "path": change.path, "group": "noc"} if {
	some change in _changes
	not _at(change, _no_older)
}

# METADATA
# title: The network team looks at firmware
# description: A device that does not come back from an update needs a visit.
# custom:
#   code: firmware.network_team
#   severity: review
#   remedy: Make sure that the version fared well elsewhere, and that the home can spare its line now.
review contains {"code": "firmware.network_team", "path": change.path, "group": "noc"} if {
	some change in _changes
}

_covered(template) if template in covers

_changes contains change if {
	some template in covers
	changes := input.plan.changes[template]
	some change in changes
}

_model := firmware.models[input.device.manufacturer][input.device.model]

# What each change would start: the version in the row, or the one at the address.
_wanted contains {"at": at, "version": image.version} if {
	is_object(input.images)
	some at, image in input.images
	is_string(image.version)
}

_wanted contains {"at": at, "version": _model.images[image.url]} if {
	is_object(input.images)
	some at, image in input.images
	is_string(image.url)
}

# Where in the operator's list it stands: that is what is newer, whatever the versions are called.
_placed contains {"at": wanted.at, "place": place} if {
	some wanted in _wanted
	some place, version in _model.versions
	version == wanted.version
}

_current contains place if {
	some place, version in _model.versions
	version == input.device.firmware
}

_listed contains placed.at if {
	count(_current) > 0
	some placed in _placed
}

_no_older contains placed.at if {
	some current in _current
	some placed in _placed
	placed.place >= current
}

_in_ring contains wanted.at if {
	some wanted in _wanted
	wanted.version in _model.rings[input.device.ring]
}

_at(change, paths) if change.path in paths
