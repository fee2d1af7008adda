#!/usr/bin/python3
"""A real RTSP server for tests, on 127.0.0.1: rtsp://127.0.0.1:PORT/cam

usage: rtsp.py SPECIFICATION (JSON, see rtsp.ts)
A pattern is generated and encoded here, one picture for all clients. A file is sent to each client from its start, in
real time, and then ends. Prints {"event":"listening","url":…}, and {"event":"sessions","now":…,"most":…,"total":…}
whenever a client began or ended to play. SIGUSR1 makes the picture stand still, and move again; SIGUSR2 makes it
half as large inside the same session, and whole again.
"""
import json
import signal
import sys

import gi

gi.require_version('Gst', '1.0')
gi.require_version('GstRtsp', '1.0')
gi.require_version('GstRtspServer', '1.0')
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

ROLE = 'viewer'
STILL, MOVING = 1, 18
sessions = {'now': 0, 'most': 0, 'total': 0}
medias = []
state = {'still': False, 'half': False}


def scene(picture):
    width, height, fps = picture['width'], picture['height'], picture['fps']
    size = f'video/x-raw,width={width},height={height},framerate={fps}/1'
    pattern = 'smpte75' if picture.get('scene') in ('still', 'night') else 'ball'
    main = f'videotestsrc name=src is-live=true pattern={pattern} ! capsfilter name=size caps={size}'
    if picture.get('scene') != 'night':
        return f'{main} ! videoconvert'
    return (
        f'compositor name=mix sink_1::alpha=0.06 ! videoconvert name=out '
        f'{main} ! mix.sink_0 videotestsrc is-live=true pattern=snow ! {size} ! mix.sink_1 out.'
    )


def encoder(picture):
    gop, bframes = picture['gop'], picture['bFrames']
    codec, interval = picture['codec'], 0 if picture.get('noParameterSets') else -1
    if codec == 'h265':
        return (
            f'video/x-raw,format=I420 ! x265enc speed-preset=ultrafast tune=zerolatency key-int-max={gop} bitrate=600 ! h265parse '
            f'! rtph265pay name=pay0 pt=96 config-interval=-1'
        )
    if codec == 'mjpeg':
        return 'video/x-raw,format=I420 ! jpegenc quality=60 ! rtpjpegpay name=pay0 pt=26'
    profile = picture.get('profile') or ('main' if bframes else 'constrained-baseline')
    return (
        # One slice a picture: rtph264pay repeats the parameter sets before each slice, where none may stand.
        f'x264enc threads=1 speed-preset=ultrafast key-int-max={gop} bframes={bframes} b-adapt=false bitrate=600 '
        f'dct8x8={"true" if profile == "high" else "false"} tune={"0" if bframes else "zerolatency"} '
        f'! video/x-h264,profile={profile} ! h264parse '
        f'! video/x-h264,stream-format=avc ! rtph264pay name=pay0 pt=96 config-interval={interval}'
    )


def launch_line(picture):
    if picture['kind'] == 'file':
        interval = 0 if picture.get('noParameterSets') else -1
        return (
            f'( filesrc location="{picture["file"]}" ! qtdemux ! h264parse '
            f'! video/x-h264,stream-format=avc ! rtph264pay name=pay0 pt=96 config-interval={interval} )'
        )
    return f'( {scene(picture)} ! {encoder(picture)} )'


def tell(change):
    sessions['now'] += change
    sessions['total'] += max(0, change)
    sessions['most'] = max(sessions['most'], sessions['now'])
    print(json.dumps({'event': 'sessions', **sessions}), flush=True)


def on_client(_server, client):
    playing = []

    def on_play(_client, _context):
        if not playing:
            playing.append(True)
            tell(1)

    def on_closed(_client):
        if playing:
            tell(-1)

    client.connect('play-request', on_play)
    client.connect('closed', on_closed)


def each(name):
    return [found for found in (media.get_element().get_by_name(name) for media in medias) if found]


def on_still():
    state['still'] = not state['still']
    for source in each('src'):
        source.set_property('pattern', STILL if state['still'] else MOVING)
    return True


def resize(size, half):
    structure = size.get_property('caps').copy().get_structure(0)
    for side in ('width', 'height'):
        now = structure.get_int(side).value
        structure.set_value(side, now // 2 if half else now * 2)
    size.set_property('caps', Gst.Caps.from_string(structure.to_string()))


def on_half():
    state['half'] = not state['half']
    for size in each('size'):
        resize(size, state['half'])
    return True


def on_media(_factory, media):
    medias.append(media)
    # A camera whose size was changed keeps it for the next session.
    size = media.get_element().get_by_name('size') if state['half'] else None
    if size:
        resize(size, True)
    media.connect('unprepared', lambda gone: medias.remove(gone) if gone in medias else None)


def restrict(server, factories, user, password):
    auth = GstRtspServer.RTSPAuth()
    auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
    token = GstRtspServer.RTSPToken()
    token.set_string('media.factory.role', ROLE)
    auth.add_digest(user, password, token)
    server.set_auth(auth)
    for factory in factories:
        permissions = GstRtspServer.RTSPPermissions()
        permissions.add_permission_for_role(ROLE, 'media.factory.access', True)
        permissions.add_permission_for_role(ROLE, 'media.factory.construct', True)
        factory.set_permissions(permissions)


def main():
    wanted = json.loads(sys.argv[1])
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address('127.0.0.1')
    server.set_service(str(wanted.get('port', 0)))
    server.connect('client-connected', on_client)
    factories = []
    for path, picture in wanted['pictures'].items():
        factory = GstRtspServer.RTSPMediaFactory()
        factory.set_launch(launch_line(picture))
        factory.set_shared(picture['kind'] != 'file')
        factory.set_latency(0)
        factory.connect('media-configure', on_media)
        if 'transport' in wanted:
            lower = GstRtsp.RTSPLowerTrans.UDP if wanted['transport'] == 'udp' else GstRtsp.RTSPLowerTrans.TCP
            factory.set_protocols(lower)
        server.get_mount_points().add_factory(f'/{path}', factory)
        factories.append(factory)
    if 'user' in wanted:
        restrict(server, factories, wanted['user'], wanted['password'])
    server.attach(None)
    GLib.unix_signal_add(GLib.PRIORITY_DEFAULT, signal.SIGUSR1, on_still)
    GLib.unix_signal_add(GLib.PRIORITY_DEFAULT, signal.SIGUSR2, on_half)
    url = f'rtsp://127.0.0.1:{server.get_bound_port()}/cam'
    print(json.dumps({'event': 'listening', 'url': url}), flush=True)
    GLib.MainLoop().run()


main()
