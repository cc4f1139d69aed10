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
	some change in _of_indoor_channels
	not _at(change, _inside)
	not _at(change, _to_be_asked)
}

# METADATA
# title: Nobody knows whether the device stands indoors
# description: This channel may only be used indoors, and nobody noted where this model stands.
# custom:
#   code: regulation.place_not_known
#   severity: review
#   remedy: Ask the subscriber where the device stands, or enter the model as one for indoors.
review contains {"code": "regulation.place_not_known", "path": change.path, "group": "approvers"} if {
	some change in _of_indoor_channels
	not _at(change, _inside)
	_at(change, _to_be_asked)
}

# A channel of which it is not known that it may be used outdoors is one for indoors.
_of_indoor_channels contains change if {
	some template in _placing
	changes := input.plan.changes[template]
	some change in changes
	not _at(change, _anywhere)
}

_anywhere contains at if {
	is_object(input.radios)
	some at, radio in input.radios
	is_number(radio.channel)
	table := regulatory.countries[_country(radio)]
	indoors := regulatory.tables[table][radio.band].indoors
	count(indoors) >= 0
	count({radio.channel} & {channel | some channel in indoors}) == 0
}

_inside contains at if {
	is_object(input.radios)
	some at, radio in input.radios
	radio.indoors == true
}

_inside contains at if {
	"indoors" in _noted
	not _noted_outdoors
	some at in _silent
}

# Only of a place that nobody noted can a person find out; one that is noted as outdoors stays so.
_to_be_asked contains at if {
	input.asker.kind == "person"
	is_object(regulatory.placement.outdoors)
	not _noted_outdoors
	some at in _silent
}

# The radios that do not say where they stand.
_silent contains at if {
	is_object(input.radios)
	some at, radio in input.radios
	is_null(radio.indoors)
}

# Where the operator noted that the model is made to stand.
_noted contains where if {
	is_string(input.device.model)
	some where, makers in regulatory.placement
	input.device.model in makers[input.device.manufacturer]
}

_noted_outdoors if "outdoors" in _noted

_country(radio) := radio.country if is_string(radio.country)

_country(radio) := input.device.country if is_null(radio.country)

_at(change, radios) if change.object in radios
