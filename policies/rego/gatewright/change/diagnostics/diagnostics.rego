# METADATA
# title: Diagnostics
# description: What a device is told to try out; it changes no setting, and may fill the line
package gatewright.change.diagnostics

import rego.v1

covers := {
	"Device.DNS.Diagnostics.NSLookupDiagnostics()",
	"Device.IP.Diagnostics.DownloadDiagnostics()",
	"Device.IP.Diagnostics.IPPing()",
	"Device.IP.Diagnostics.TraceRoute()",
	"Device.IP.Diagnostics.UDPEchoDiagnostics()",
	"Device.IP.Diagnostics.UploadDiagnostics()",
	"Device.WiFi.NeighboringWiFiDiagnostic()",
}

# METADATA
# title: A test that fills the line
# description: It moves as much as the line carries, to a server that whoever asks has named.
# custom:
#   code: diagnostics.fills_the_line
#   severity: review
#   remedy: Make sure that the subscriber agreed, and that the server is one of ours.
review contains {"code": "diagnostics.fills_the_line", "path": change.path, "group": "approvers"} if {
	some command in {
		"Device.IP.Diagnostics.DownloadDiagnostics()",
		"Device.IP.Diagnostics.UploadDiagnostics()",
	}
	some change in input.plan.changes[command]
}

# METADATA
# title: A scan while people are online
# description: While it listens to its neighbours, a radio serves nobody for some seconds.
# custom:
#   code: diagnostics.leaves_the_channel
#   severity: review
#   remedy: Make sure that nobody is in a call over Wi-Fi now.
review contains {"code": "diagnostics.leaves_the_channel", "path": change.path, "group": "approvers"} if {
	some change in input.plan.changes["Device.WiFi.NeighboringWiFiDiagnostic()"]
}
