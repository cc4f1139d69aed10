package gatewright.topics_test

import rego.v1

import data.gatewright.question_test
import data.gatewright.topics

test_each_family_of_a_topic_asks_it if {
	every template in [
		"Device.DeviceInfo.BootFirmwareImage",
		"Device.SoftwareModules.ExecEnv.{i}.Enable",
		"Device.Ethernet.Interface.{i}.Enable",
		"Device.IP.Interface.{i}.Enable",
		"Device.PPP.Interface.{i}.Username",
		"Device.Routing.Router.{i}.Enable",
		"Device.CWMPManagementServer.URL",
		"Device.LocalAgent.Enable",
		"Device.ManagementServer.URL",
		"Device.MQTT.Client.{i}.Enable",
		"Device.STOMP.Connection.{i}.Enable",
		"Device.UserInterface.Enable",
		"Device.Users.User.{i}.Enable",
		"Device.WebSocket.Enable",
	] {
		asked := question_test.setting(template, "x")
		count(topics.denials | topics.reviews) > 0 with input as asked
		topics.denials | topics.reviews == set() with input as _hidden(asked)
	}
}

test_each_topic_is_asked if {
	every code, asked in {
		"credentials.length": question_test.setting(_passphrase, {"length": 3, "secret": true}),
		"firmware.not_from_here": question_test.setting("Device.DeviceInfo.BootFirmwareImage", "x"),
		"lan.resolver_not_listed": question_test.setting("Device.DHCPv4.Server.Pool.{i}.DNSServers", "6.6.6.6"),
		"management.locked": question_test.setting("Device.ManagementServer.URL", "x"),
		"radio.country_unknown": question_test.setting("Device.WiFi.Radio.{i}.Channel", 6),
		"resets.factory_reset": _command("Device.FactoryReset()"),
		"wan.resolver_not_listed": question_test.setting("Device.DNS.Client.Server.{i}.DNSServer", "6.6.6.6"),
	} {
		code in question_test.codes(topics.denials) with input as asked
	}
}

test_each_topic_is_asked_for_reviews if {
	radio := {"band": "5GHz", "channel": 52, "country": "DE", "width": "20MHz"}
	every code, asked in {
		"credentials.no_way_back": question_test.setting(_passphrase, {"length": 9, "secret": true}),
		"radio.channel_shared_with_radar": object.union(
			question_test.setting("Device.WiFi.Radio.{i}.Channel", 52),
			{"radios": {"Device.WiFi.Radio.1.": radio}},
		),
		"resets.reboot": _command("Device.Reboot()"),
		"wan.network_team": question_test.setting("Device.PPP.Interface.{i}.Username", "x"),
	} {
		code in question_test.codes(topics.reviews) with input as asked
	}
}

test_what_a_topic_covers_is_covered_only_where_the_topic_was_asked if {
	every template in [
		"Device.WiFi.Radio.{i}.Channel",
		"Device.WiFi.AccessPoint.{i}.Security.KeyPassphrase",
		"Device.DHCPv4.Server.Pool.{i}.DNSServers",
		"Device.DNS.Client.Server.{i}.DNSServer",
		"Device.Reboot()",
		"Device.FactoryReset()",
	] {
		asked := question_test.setting(template, "x")
		topics.uncovered == set() with input as asked
		topics.uncovered == {template} with input as _hidden(asked)
	}
}

test_a_family_of_no_topic_is_not_covered if {
	topics.uncovered == {"Device.Time.Enable"} with input as question_test.setting("Device.Time.Enable", true)
}

_passphrase := "Device.WiFi.AccessPoint.{i}.Security.KeyPassphrase"

_command(path) := object.union(question_test.asked, {"plan": question_test.plan("command", path, {})})

# The same question, as if it said nothing of the families that the plan touches.
_hidden(asked) := object.union(object.remove(asked, ["plan"]), {"plan": object.remove(asked.plan, ["families"])})
