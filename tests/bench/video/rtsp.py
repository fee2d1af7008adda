#!/usr/bin/python3
"""An RTSP server for one H.264 stream that comes as RTP: rtsp://127.0.0.1:PORT/cam

usage: rtsp.py UDPPORT. Prints {"event":"listening","url":…}.
"""
import json
import sys

import gi

gi.require_version('Gst', '1.0')
gi.require_version('GstRtspServer', '1.0')
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

CAPS = 'application/x-rtp,media=video,clock-rate=90000,encoding-name=H264,payload=96'

Gst.init(None)
server = GstRtspServer.RTSPServer()
server.set_address('127.0.0.1')
server.set_service('0')
factory = GstRtspServer.RTSPMediaFactory()
factory.set_launch(
    f'( udpsrc port={int(sys.argv[1])} address=127.0.0.1 caps="{CAPS}" ! rtph264depay ! h264parse '
    '! rtph264pay name=pay0 pt=96 config-interval=-1 )'
)
factory.set_shared(True)
factory.set_latency(0)
server.get_mount_points().add_factory('/cam', factory)
server.attach(None)
url = f'rtsp://127.0.0.1:{server.get_bound_port()}/cam'
print(json.dumps({'event': 'listening', 'url': url}), flush=True)
GLib.MainLoop().run()
