# METADATA
# title: Wi-Fi passphrases
# description: A passphrase reads back empty, so the old one is lost the moment a new one is set
package gatewright.change.credentials

import rego.v1

import data.gatewright.limits

covers := {
	"Device.WiFi.AccessPoint.{i}.Security.KeyPassphrase",
	"Device.WiFi.AccessPoint.{i}.Security.SAEPassphrase",
}

_keys := {
	"Device.WiFi.AccessPoint.{i}.Security.PreSharedKey",
	"Device.WiFi.AccessPoint.{i}.Security.RadiusSecret",
	"Device.WiFi.AccessPoint.{i}.Security.SecondaryRadiusSecret",
	"Device.WiFi.AccessPoint.{i}.Security.WEPKey",
}

# METADATA
# title: Machines do not set passphrases
# description: A new passphrase locks out everybody in the home who does not know it.
# custom:
#   code: credentials.machine
#   severity: deny
#   remedy: Let a support agent do it, with the subscriber on the line.
deny contains {"code": "credentials.machine", "path": change.path} if {
	not input.asker.kind == "person"
	some change in _changes
}

# METADATA
# title: Passphrases are not set on the word of a language model
# description: Only a language model read that the passphrase was forgotten; a new one locks out the home.
# custom:
#   code: credentials.read_by_model
#   severity: deny
#   remedy: Say outright that the passphrase was forgotten, and it is proposed by rule.
deny contains {"code": "credentials.read_by_model", "path": change.path} if {
	not _by_hand
	some change in _changes
}

# METADATA
# title: A passphrase of a length that Wi-Fi does not take
# description: A passphrase has {min} to {max} characters.
# custom:
#   code: credentials.length
#   severity: deny
#   remedy: Choose a passphrase of a length within these limits.
deny contains {"code": "credentials.length", "path": change.path, "about": allowed} if {
	allowed := object.get(limits, "passphrase", {"min": null, "max": null})
	some change in _changes
	not _long_enough(change, allowed)
}

# METADATA
# title: A passphrase that policy can read
# description: The new passphrase was not hidden from policy, so it may have been logged.
# custom:
#   code: credentials.in_the_open
#   severity: deny
#   remedy: Report this as a defect, and treat the passphrase as known to others.
deny contains {"code": "credentials.in_the_open", "path": change.path} if {
	some change in _changes
	not change.after.secret == true
}

# METADATA
# title: Keys that are not set from here
# description: Raw keys, WEP keys and the keys of a login server are not set from here.
# custom:
#   code: credentials.not_from_here
#   severity: deny
#   remedy: Set a passphrase instead, or have the login server provisioned.
deny contains {"code": "credentials.not_from_here", "path": change.path} if {
	some template in _keys
	changes := input.plan.changes[template]
	some change in changes
}

# METADATA
# title: The old passphrase is lost
# description: The device never tells the passphrase it has, so this change cannot be undone.
# custom:
#   code: credentials.no_way_back
#   severity: review
#   remedy: Make sure that the subscriber asked for it and knows the new passphrase.
review contains {"code": "credentials.no_way_back", "path": change.path, "group": "approvers"} if {
	some change in _changes
}

_changes contains change if {
	some template in covers
	changes := input.plan.changes[template]
	some change in changes
}

_by_hand if input.author in {"rules", "person"}

_long_enough(change, allowed) if {
	is_number(change.after.length)
	is_number(allowed.min)
	is_number(allowed.max)
	change.after.length >= allowed.min
	change.after.length <= allowed.max
}
