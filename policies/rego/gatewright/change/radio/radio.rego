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
	changes := input.plan.changes[template]
	some change in changes
	not _known(change)
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
	"about": {"radio": radio.country, "inventory": home},
} if {
	home := input.device.country
	is_string(home)
	radios := input.radios
	is_object(radios)
	some at, radio in radios
	not _at_home(radio)
	is_string(radio.country)
}

# METADATA
# title: The channel is not allowed
# description: Channel {channel} of width {width} is not allowed in this country in the band {band}.
# custom:
#   code: radio.channel_not_allowed
#   severity: deny
#   remedy: Choose a channel and a width that the country allows together.
deny contains {"code": "radio.channel_not_allowed", "path": change.path, "about": _about(change)} if {
	changes := _placing
	some change in changes
	not _allowed(change)
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
	changes := _placing
	some change in changes
	_standings[change.object] == "radar"
}

# The changes that move what a radio occupies of its band.
_placing := [change |
	some template in [
		"Device.WiFi.Radio.{i}.Channel",
		"Device.WiFi.Radio.{i}.OperatingChannelBandwidth",
	]
	some change in input.plan.changes[template]
]

_known(change) if {
	standing := _standings[change.object]
	not standing == "nowhere"
}

_allowed(change) if {
	standing := _standings[change.object]
	_good[standing]
}

_good := {"free", "radar"}

# What each touched radio would stand on after the plan, once a radio; "nowhere" in no known country.
_standings := {at: standing |
	some at, radio in input.radios
	standing := _standing(radio)
}

_standing(radio) := standing if {
	channels := _tables(radio)[radio.band].widths[radio.width]
	standing := _among(radio.channel, channels)
} else := "forbidden" if {
	tables := _tables(radio)
	is_object(tables)
} else := "nowhere"

# No channel is both, which is checked when the tables are loaded.
_among(channel, channels) := "free" if {
	channel in channels.free
} else := "radar" if {
	channel in channels.radar
} else := "forbidden"

# The radio knows best where it stands; one that does not say stands where its home does.
_tables(radio) := _of_the_home if {
	_at_home(radio)
} else := _abroad(radio)

_at_home(radio) if radio.country == _home

_at_home(radio) if radio.country == null

_abroad(radio) := regulatory.tables[regulatory.countries[radio.country]]

_of_the_home := regulatory.tables[regulatory.countries[_home]]

_home := input.device.country

_power_in_range(change) if {
	change.after == -1
	_known(change)
}

_power_in_range(change) if {
	is_number(change.after)
	radio := input.radios[change.object]
	limits := _tables(radio)[radio.band].power_percent
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
