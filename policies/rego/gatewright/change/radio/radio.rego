# METADATA
# title: Wi-Fi radios
# description: What may be changed on a radio, within the law of the country it stands in
package gatewright.change.radio

import rego.v1

import data.gatewright.regulatory

covers := {
	"Device.WiFi.Radio.{i}.AutoChannelEnable",
	"Device.WiFi.Radio.{i}.Channel",
	"Device.WiFi.Radio.{i}.OperatingChannelBandwidth",
	"Device.WiFi.Radio.{i}.TransmitPower",
}

# METADATA
# title: The country is not known
# description: Nobody said which country the radio stands in, or there is no channel table for it.
# custom:
#   code: radio.country_unknown
#   severity: deny
#   remedy: Enter the country of the device in the inventory.
deny contains {"code": "radio.country_unknown", "path": change.path} if {
	some template in covers
	some change in input.plan.changes[template]
	not _at(change, _known)
}

# METADATA
# title: The radio is set to another country
# description: The radio is set to the rules of {radio}, and the inventory says {inventory}.
# custom:
#   code: radio.country_mismatch
#   severity: deny
#   remedy: Correct the inventory, or have the regulatory domain of the radio corrected.
deny contains {
	"code": "radio.country_mismatch", "path": at,
	"about": {"radio": radio.country, "inventory": input.device.country},
} if {
	is_object(input.radios)
	is_string(input.device.country)
	some at, radio in input.radios
	is_string(radio.country)
	radio.country != input.device.country
}

# METADATA
# title: The channel is not allowed
# description: Channel {channel} of width {width} is not allowed in this country in the band {band}.
# custom:
#   code: radio.channel_not_allowed
#   severity: deny
#   remedy: Choose a channel and a width that the country allows together.
deny contains {"code": "radio.channel_not_allowed", "path": change.path, "about": _about(change)} if {
	some change in _placing
	not _at(change, _free)
	not _at(change, _radar)
}

# METADATA
# title: The power is out of range
# description: The transmit power is not a percentage within the limits for the band {band}.
# custom:
#   code: radio.power_out_of_range
#   severity: deny
#   remedy: Choose a power within the limits, or -1 to let the device choose.
deny contains {"code": "radio.power_out_of_range", "path": change.path, "about": _about(change)} if {
	some change in input.plan.changes["Device.WiFi.Radio.{i}.TransmitPower"]
	not _power_in_range(change)
}

# METADATA
# title: A channel shared with radar
# description: Channel {channel} of width {width} is shared with radar, so it may fall silent.
# custom:
#   code: radio.channel_shared_with_radar
#   severity: review
#   remedy: Prefer a channel without radar detection if one is good enough.
review contains {
	"code": "radio.channel_shared_with_radar", "path": change.path,
	"group": "approvers", "about": _about(change),
} if {
	some change in _placing
	_at(change, _radar)
}

# The changes that move what a radio occupies of its band.
_placing contains change if {
	some change in input.plan.changes["Device.WiFi.Radio.{i}.Channel"]
}

_placing contains change if {
	some change in input.plan.changes["Device.WiFi.Radio.{i}.OperatingChannelBandwidth"]
}

# The radio knows best where it stands; one that does not say stands where its home does.
_table(radio) := name if {
	is_string(radio.country)
	name := regulatory.countries[radio.country]
}

_table(radio) := name if {
	is_null(radio.country)
	name := regulatory.countries[input.device.country]
}

# The touched radios of a known country, those on a free channel, and those on one with radar.
_known contains at if {
	is_object(input.radios)
	some at, radio in input.radios
	_table(radio)
}

_free contains at if {
	is_object(input.radios)
	some at, radio in input.radios
	is_number(radio.channel)
	table := _table(radio)
	radio.channel in regulatory.tables[table][radio.band].widths[radio.width].free
}

_radar contains at if {
	is_object(input.radios)
	some at, radio in input.radios
	is_number(radio.channel)
	table := _table(radio)
	radio.channel in regulatory.tables[table][radio.band].widths[radio.width].radar
}

_at(change, radios) if change.object in radios

_power_in_range(change) if {
	change.after == -1
	_at(change, _known)
}

_power_in_range(change) if {
	is_number(change.after)
	radio := input.radios[change.object]
	table := _table(radio)
	limits := regulatory.tables[table][radio.band].power_percent
	is_number(limits.min)
	is_number(limits.max)
	change.after >= limits.min
	change.after <= limits.max
}

_about(change) := {
	"band": object.get(radio, "band", null),
	"channel": object.get(radio, "channel", null),
	"width": object.get(radio, "width", null),
} if {
	is_object(change)
	at := object.get(change, "object", "")
	radio := object.get(input, ["radios", at], {})
}
