import { allAt, at, escape, textAt, type Xml } from './soap.ts';

/** A way in which a camera gives its pictures, as ONVIF tells it. */
export interface Profile {
  token: string;
  name: string;
  /** As the camera writes it: H264, H265, JPEG. */
  codec: string;
  width: number;
  height: number;
  /** It has a PTZ configuration: the camera can be steered with it. */
  ptz: boolean;
}

/** How one of ONVIF's two media services is asked, and how it answers. */
export interface MediaService {
  namespace: string;
  profilesAsked: string;
  profilesOf: (answer: Xml) => Profile[];
  uriAsked: (profile: string) => string;
  /** Empty where the camera gave none. */
  uriOf: (answer: Xml) => string;
  /** A key frame now. */
  synchronisationAsked: (profile: string) => string;
}

const SCHEMA = 'http://www.onvif.org/ver10/schema';
const tokenOf = (profile: string) => `<ProfileToken>${escape(profile)}</ProfileToken>`;

function profileOf(profile: Xml, encoder: Xml | undefined, ptz: Xml | undefined): Profile {
  const number = (name: string) => Math.trunc(Number(textAt(encoder, 'Resolution', name))) || 0;
  return {
    token: textAt(profile, '@token'),
    name: textAt(profile, 'Name'),
    codec: textAt(encoder, 'Encoding'),
    width: number('Width'),
    height: number('Height'),
    ptz: ptz !== undefined,
  };
}

const MEDIA = 'http://www.onvif.org/ver10/media/wsdl';
/** ONVIF Media, of profile S: what nearly every camera has. */
export const media: MediaService = {
  namespace: MEDIA,
  profilesAsked: `<GetProfiles xmlns="${MEDIA}"/>`,
  profilesOf: (answer) =>
    allAt(answer, 'GetProfilesResponse', 'Profiles').map((profile) =>
      profileOf(profile, at(profile, 'VideoEncoderConfiguration'), at(profile, 'PTZConfiguration')),
    ),
  uriAsked: (profile) =>
    `<GetStreamUri xmlns="${MEDIA}"><StreamSetup><Stream xmlns="${SCHEMA}">RTP-Unicast</Stream>` +
    `<Transport xmlns="${SCHEMA}"><Protocol>RTSP</Protocol></Transport></StreamSetup>${tokenOf(profile)}</GetStreamUri>`,
  uriOf: (answer) => textAt(answer, 'GetStreamUriResponse', 'MediaUri', 'Uri'),
  synchronisationAsked: (profile) =>
    `<SetSynchronizationPoint xmlns="${MEDIA}">${tokenOf(profile)}</SetSynchronizationPoint>`,
};

const MEDIA2 = 'http://www.onvif.org/ver20/media/wsdl';
/** ONVIF Media2, of profile T: newer cameras may have no other. */
export const media2: MediaService = {
  namespace: MEDIA2,
  profilesAsked: `<GetProfiles xmlns="${MEDIA2}"><Type>All</Type></GetProfiles>`,
  profilesOf: (answer) =>
    allAt(answer, 'GetProfilesResponse', 'Profiles').map((profile) => {
      const configurations = at(profile, 'Configurations');
      return profileOf(profile, at(configurations, 'VideoEncoder'), at(configurations, 'PTZ'));
    }),
  uriAsked: (profile) =>
    `<GetStreamUri xmlns="${MEDIA2}"><Protocol>RTSP</Protocol>${tokenOf(profile)}</GetStreamUri>`,
  uriOf: (answer) => textAt(answer, 'GetStreamUriResponse', 'Uri'),
  synchronisationAsked: (profile) =>
    `<SetSynchronizationPoint xmlns="${MEDIA2}">${tokenOf(profile)}</SetSynchronizationPoint>`,
};
