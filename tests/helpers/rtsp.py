#!/usr/bin/python3
"""A real RTSP server for tests, on a free port of 127.0.0.1: rtsp://127.0.0.1:PORT/cam

usage: rtsp.py pattern WIDTH HEIGHT FPS GOP | rtsp.py file FILE.mp4
A pattern is generated and encoded here, one picture for all clients. A file is sent to each client from its start, in
real time, and then ends. Prints {"event":"listening","url":…}. Environment: NOSPS=1 gives the parameter sets only
in the SDP, as some cameras do; BFRAMES=2 encodes with B-frames.
"""
import json
import os
import sys

import gi

gi.require_version('Gst', '1.0')
gi.require_version('GstRtspServer', '1.0')
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

INTERVAL = 0 if os.environ.get('NOSPS') else -1
PAY = f'video/x-h264,stream-format=avc ! rtph264pay name=pay0 pt=96 config-interval={INTERVAL}'
BFRAMES = int(os.environ.get('BFRAMES', '0'))


def launch_line(kind, args):
    if kind == 'file':
        return f'( filesrc location="{args[0]}" ! qtdemux ! h264parse ! {PAY} )'
    width, height, fps, gop = (int(arg) for arg in args)
    return (
        f'( videotestsrc is-live=true pattern=ball '
        f'! video/x-raw,width={width},height={height},framerate={fps}/1 ! videoconvert '
        f'! x264enc speed-preset=ultrafast key-int-max={gop} bframes={BFRAMES} b-adapt=false bitrate=600 '
        f'! video/x-h264,profile={"main" if BFRAMES else "constrained-baseline"} ! h264parse ! {PAY} )'
    )


def main():
    kind, args = sys.argv[1], sys.argv[2:]
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address('127.0.0.1')
    server.set_service(os.environ.get('PORT', '0'))
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(launch_line(kind, args))
    factory.set_shared(kind != 'file')
    factory.set_latency(0)
    server.get_mount_points().add_factory('/cam', factory)
    server.attach(None)
    url = f'rtsp://127.0.0.1:{server.get_bound_port()}/cam'
    print(json.dumps({'event': 'listening', 'url': url}), flush=True)
    GLib.MainLoop().run()


main()
