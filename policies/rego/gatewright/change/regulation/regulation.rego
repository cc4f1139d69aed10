# METADATA
# title: What the law holds fixed
# description: Channels for indoors only, and what a radio obeys the law by
package gatewright.change.regulation

import rego.v1

import data.gatewright.regulatory

_fixed := {
	"Device.WiFi.Radio.{i}.IEEE80211hEnabled",
	"Device.WiFi.Radio.{i}.OperatingFrequencyBand",
	"Device.WiFi.Radio.{i}.RegulatoryDomain",
}

_placing := {
	"Device.WiFi.Radio.{i}.Channel",
	"Device.WiFi.Radio.{i}.OperatingChannelBandwidth",
}

# METADATA
# title: How the radio keeps to the law
# description: The country, the band and the listening for radar are not changed from here.
# custom:
#   code: regulation.locked
#   severity: deny
#   remedy: Have the device provisioned for the country it stands in.
deny contains {"code": "regulation.locked", "path": change.path} if {
	some template in _fixed
	changes := input.plan.changes[template]
	some change in changes
}

# METADATA
# title: The channel is for indoors only
# description: This channel may only be used indoors, and the device is not known to stand there.
# custom:
#   code: regulation.indoors_only
#   severity: deny
#   remedy: Choose another channel, or enter the model as one for indoors.
deny contains {"code": "regulation.indoors_only", "path": change.path} if {
	changes := _of_indoor_channels
	some change in changes
	not _at_ease(change)
	not _to_be_asked(change)
}

# METADATA
# title: Nobody knows whether the device stands indoors
# description: This channel may only be used indoors, and nobody noted where this model stands.
# custom:
#   code: regulation.place_not_known
#   severity: review
#   remedy: Ask the subscriber where the device stands, or enter the model as one for indoors.
review contains {"code": "regulation.place_not_known", "path": change.path, "group": "approvers"} if {
	changes := _of_indoor_channels
	some change in changes
	not _at_ease(change)
	_to_be_asked(change)
}

# The changes that put a radio on a channel of which it is not known that it may be used outdoors.
_of_indoor_channels := [change |
	some template in _placing
	some change in input.plan.changes[template]
	not _anywhere(change)
]

_anywhere(change) if _spots[change.object] == "anywhere"

# Where each radio may stand with its channel, once a radio.
_spots := {at: spot |
	some at, radio in input.radios
	spot := _spot(radio)
}

_spot(radio) := "indoors" if {
	radio.channel in _indoor_channels(radio)
} else := "anywhere" if {
	is_number(radio.channel)
	count(_indoor_channels(radio)) >= 0
} else := "indoors"

_indoor_channels(radio) := _tables(radio)[radio.band].indoors

# The radio knows best where it stands; one that does not say stands where its home does.
_tables(radio) := _of_the_home if {
	_at_home(radio)
} else := _abroad(radio)

_at_home(radio) if radio.country == _home

_at_home(radio) if radio.country == null

_abroad(radio) := regulatory.tables[regulatory.countries[radio.country]]

_of_the_home := regulatory.tables[regulatory.countries[_home]]

_home := input.device.country

_at_ease(change) if input.radios[change.object].indoors == true

_at_ease(change) if {
	_silent(change)
	_noted_indoors
	not _noted_outdoors
}

# Only of a place that nobody noted can a person find out; one that is noted as outdoors stays so.
_to_be_asked(change) if {
	_silent(change)
	input.asker.kind == "person"
	is_object(regulatory.placement.outdoors)
	not _noted_outdoors
}

# The radio does not say where it stands.
_silent(change) if input.radios[change.object].indoors == null

# Where the operator noted that the model is made to stand.
_noted_indoors if {
	some model in regulatory.placement.indoors[input.device.manufacturer]
	model == input.device.model
}

_noted_outdoors if {
	some model in regulatory.placement.outdoors[input.device.manufacturer]
	model == input.device.model
}
