# METADATA
# title: All topics
# description: |
#   Every topic by name. The embedded engine answers this six times as fast as a wildcard, and a
#   topic that is missing here is refused when the bundle is loaded.
package gatewright.topics

import rego.v1

import data.gatewright.change.credentials
import data.gatewright.change.firmware
import data.gatewright.change.lan
import data.gatewright.change.management
import data.gatewright.change.radio
import data.gatewright.change.resets
import data.gatewright.change.wan

deny := (((((credentials.deny | firmware.deny) | lan.deny) | management.deny) | radio.deny) | resets.deny) | wan.deny

review := ((credentials.review | radio.review) | resets.review) | wan.review

# The templates that the plan touches and no topic covers.
uncovered := ((_not_home - radio.covers) - resets.covers) - wan.covers

_not_home := (object.keys(input.plan.changes) - credentials.covers) - lan.covers
