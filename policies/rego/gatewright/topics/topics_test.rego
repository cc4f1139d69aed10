package gatewright.topics_test

import rego.v1

import data.gatewright.question_test
import data.gatewright.topics

test_each_family_of_a_topic_asks_it if {
	every template in [
		"Device.BulkData.Enable",
		"Device.DHCPv4.Server.Pool.{i}.LeaseTime",
		"Device.DeviceInfo.FirmwareImage.{i}.Name",
		"Device.DeviceInfo.VendorConfigFile.{i}.Name",
		"Device.Firewall.Enable",
		"Device.LANConfigSecurity.ConfigPassword",
		"Device.NAT.PortMapping.{i}.Enable",
		"Device.RadSecProxy.Enable",
		"Device.SSH.Enable",
		"Device.Security.Certificate.{i}.Enable",
		"Device.Services.VoiceService.{i}.X",
		"Device.SoftwareModules.ExecEnv.{i}.Enable",
		"Device.Ethernet.Interface.{i}.Enable",
		"Device.CaptivePortal.Enable",
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
		"Device.UPnP.Device.UPnPDMBasicMgmt",
		"Device.UPnP.Device.UPnPIGD",
		"Device.USPServices.Trust",
		"Device.UnixDomainSockets.UnixDomainSocket.{i}.Path",
		"Device.WebSocket.Enable",
		"Device.XMPP.Connection.{i}.Enable",
	] {
		asked := question_test.setting(template, "x")
		count(topics.denials | topics.reviews) > 0 with input as asked
		topics.denials | topics.reviews == set() with input as _hidden(asked)
	}
}

test_each_topic_is_asked if {
	every code, asked in {
		"controllers.unknown": question_test.setting(_protocol, "x"),
		"credentials.length": question_test.setting(_passphrase, {"length": 3, "secret": true}),
		"dhcp.pool_outside": question_test.setting("Device.DHCPv4.Server.Pool.{i}.MinAddress", "x"),
		"encryption.too_weak": question_test.setting("Device.WiFi.AccessPoint.{i}.Security.ModeEnabled", "None"),
		"features.not_in_plan": question_test.setting("Device.Firewall.DMZ.{i}.Enable", true),
		"firmware.unknown": question_test.setting("Device.DeviceInfo.BootFirmwareImage", "x"),
		"lan.resolver_not_listed": question_test.setting("Device.DHCPv4.Server.Pool.{i}.DNSServers", "6.6.6.6"),
		"management.locked": question_test.setting("Device.ManagementServer.URL", "x"),
		"radio.country_unknown": question_test.setting("Device.WiFi.Radio.{i}.Channel", 6),
		"regulation.locked": question_test.setting("Device.WiFi.Radio.{i}.RegulatoryDomain", "DE "),
		"resets.factory_reset": _command("Device.FactoryReset()"),
		"security.firewall_lower": question_test.setting("Device.Firewall.Enable", false),
		"suspension.not_entitled": question_test.setting("Device.CaptivePortal.Enable", true),
		"voice.locked": question_test.setting("Device.Services.VoiceService.{i}.X", "x"),
		"lan.router_elsewhere": question_test.setting("Device.DHCPv4.Server.Pool.{i}.IPRouters", "6.6.6.6"),
		"lan.left_behind": question_test.setting("Device.IP.Interface.{i}.IPv4Address.{i}.IPAddress", "10.0.0.1"),
		"prefixes.machine": object.union(
			question_test.setting("Device.DHCPv6.Client.{i}.Enable", false),
			{"asker": {"kind": "machine"}},
		),
		"queues.drop_not_listed": question_test.setting("Device.QoS.Queue.{i}.DropAlgorithm", "x"),
		"upkeep.server_not_listed": question_test.setting("Device.Time.NTPServer1", "x"),
		"upkeep.value_unfit": question_test.setting("Device.Syslog.Enable", "x"),
		"wan.resolver_not_listed": question_test.setting("Device.DNS.Client.Server.{i}.DNSServer", "6.6.6.6"),
		"wifi.value_unfit": question_test.setting("Device.WiFi.SSID.{i}.SSID", ""),
	} {
		code in question_test.codes(topics.denials) with input as asked
	}
}

test_each_topic_is_asked_for_reviews if {
	radio := {"band": "5GHz", "channel": 52, "country": "DE", "indoors": null, "width": "20MHz"}
	every code, asked in {
		"controllers.move": question_test.setting(_protocol, "usp"),
		"credentials.no_way_back": question_test.setting(_passphrase, {"length": 9, "secret": true}),
		"radio.channel_shared_with_radar": object.union(
			question_test.setting("Device.WiFi.Radio.{i}.Channel", 52),
			{"radios": {"Device.WiFi.Radio.1.": radio}},
		),
		"dhcp.off": question_test.setting("Device.DHCPv4.Server.Enable", false),
		"encryption.drops_devices": question_test.setting("Device.WiFi.AccessPoint.{i}.Security.MFPConfig", "x"),
		"firmware.network_team": question_test.setting("Device.DeviceInfo.BootFirmwareImage", "x"),
		"regulation.place_not_known": object.union(
			question_test.setting("Device.WiFi.Radio.{i}.Channel", 52),
			{"radios": {"Device.WiFi.Radio.1.": radio}},
		),
		"resets.reboot": _command("Device.Reboot()"),
		"diagnostics.fills_the_line": _command("Device.IP.Diagnostics.UploadDiagnostics()"),
		"security.opens": question_test.setting("Device.UPnP.Device.UPnPIGD", true),
		"suspension.four_eyes": question_test.setting("Device.CaptivePortal.Enable", false),
		"voice.line": question_test.setting("Device.Services.VoiceService.{i}.SIP.Client.{i}.Enable", true),
		"lan.moves": question_test.setting("Device.IP.Interface.{i}.IPv4Address.{i}.IPAddress", "10.0.0.1"),
		"prefixes.off": question_test.setting("Device.DHCPv6.Client.{i}.RequestPrefixes", false),
		"upkeep.clock_off": question_test.setting("Device.Time.Enable", false),
		"voice.helper": question_test.setting("Device.Firewall.ConnectionTracking.SIP.Enable", false),
		"wan.network_team": question_test.setting("Device.PPP.Interface.{i}.Username", "x"),
		"wifi.goes_dark": question_test.setting("Device.WiFi.Radio.{i}.Enable", false),
	} {
		code in question_test.codes(topics.reviews) with input as asked
	}
}

test_who_manages_a_device_is_ruled_on_whatever_the_plan_touches if {
	topics.uncovered == set() with input as question_test.setting(_protocol, "usp")
}

test_what_a_topic_covers_is_covered_only_where_the_topic_was_asked if {
	every template in [
		"Device.WiFi.Radio.{i}.Channel",
		"Device.WiFi.AccessPoint.{i}.Security.KeyPassphrase",
		"Device.CaptivePortal.URL",
		"Device.DHCPv4.Server.Enable",
		"Device.DHCPv4.Server.Pool.{i}.DNSServers",
		"Device.DHCPv6.Client.{i}.Enable",
		"Device.QoS.Queue.{i}.DropAlgorithm",
		"Device.Syslog.Enable",
		"Device.Time.Enable",
		"Device.DNS.Client.Server.{i}.DNSServer",
		"Device.DeviceInfo.BootFirmwareImage",
		"Device.Firewall.Config",
		"Device.WiFi.AccessPoint.{i}.Security.ModeEnabled",
		"Device.WiFi.SSID.{i}.SSID",
		"Device.Reboot()",
		"Device.FactoryReset()",
	] {
		asked := question_test.setting(template, "x")
		topics.uncovered == set() with input as asked
		topics.uncovered == {template} with input as _hidden(asked)
	}
}

test_a_diagnostic_is_covered_by_a_topic_that_is_always_asked if {
	asked := _command("Device.IP.Diagnostics.IPPing()")
	topics.uncovered == set() with input as asked
	topics.uncovered == set() with input as _hidden(asked)
}

test_a_family_of_no_topic_is_not_covered if {
	every template in ["Device.Bridging.Bridge.{i}.Enable", "Device.X_00D09E_Tea"] {
		topics.uncovered == {template} with input as question_test.setting(template, true)
	}
}

_protocol := "Device.X_GATEWRIGHT_Controller.Name"

_passphrase := "Device.WiFi.AccessPoint.{i}.Security.KeyPassphrase"

_command(path) := object.union(question_test.asked, {"plan": question_test.plan("command", path, {})})

# The same question, as if it said nothing of the families that the plan touches.
_hidden(asked) := object.union(object.remove(asked, ["plan"]), {"plan": object.remove(asked.plan, ["families"])})
