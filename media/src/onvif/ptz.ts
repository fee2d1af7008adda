import type { ptzCommandSchema, PtzPreset, PtzPresets } from '@mingjing/contracts';
import type { z } from 'zod';
import type { Device } from './device.ts';
import { allAt, at, escape, textAt } from './soap.ts';

const NS = 'http://www.onvif.org/ver20/ptz/wsdl';
const SCHEMA = 'http://www.onvif.org/ver10/schema';
/** The camera stops by itself after this, should this host die: ISO 8601. */
const TIMEOUT = 'PT2S';
const MOST_PRESETS = 256;

export type Command = z.output<typeof ptzCommandSchema>;
interface Vector {
  pan: number;
  tilt: number;
  zoom: number;
}

const vector = ({ pan, tilt, zoom }: Vector): string =>
  `<PanTilt x="${pan}" y="${tilt}" xmlns="${SCHEMA}"/><Zoom x="${zoom}" xmlns="${SCHEMA}"/>`;

function requestOf(command: Command, profile: string): string | null {
  const token = `<ProfileToken>${escape(profile)}</ProfileToken>`;
  const of = (name: string, inside: string) => `<${name} xmlns="${NS}">${token}${inside}</${name}>`;
  const preset = (name: string) => `<PresetToken>${escape(name)}</PresetToken>`;
  switch (command.kind) {
    case 'move':
      return of('ContinuousMove', `<Velocity>${vector(command)}</Velocity><Timeout>${TIMEOUT}</Timeout>`);
    case 'stop':
      return of('Stop', '<PanTilt>true</PanTilt><Zoom>true</Zoom>');
    case 'absolute':
      return of('AbsoluteMove', `<Position>${vector(command)}</Position>`);
    case 'relative':
      return of('RelativeMove', `<Translation>${vector(command)}</Translation>`);
    case 'home':
      return of('GotoHomePosition', '');
    case 'preset':
      return of('GotoPreset', preset(command.preset));
    case 'savePreset': {
      const name = `<PresetName>${escape(command.name)}</PresetName>`;
      return of('SetPreset', name + (command.preset === undefined ? '' : preset(command.preset)));
    }
    case 'removePreset':
      return of('RemovePreset', preset(command.preset));
    case 'release':
      return null;
  }
}

/** Says a command to a camera (ONVIF PTZ service 2.0). @throws OnvifError with the camera's refusal */
export async function sayPtz(device: Device, profile: string, command: Command): Promise<void> {
  const request = requestOf(command, profile);
  if (request !== null) await device.call('ptz', request);
}

async function presetsOf(device: Device, profile: string): Promise<PtzPreset[]> {
  const token = `<ProfileToken>${escape(profile)}</ProfileToken>`;
  const answer = await device.call('ptz', `<GetPresets xmlns="${NS}">${token}</GetPresets>`);
  return allAt(answer, 'GetPresetsResponse', 'Preset')
    .slice(0, MOST_PRESETS)
    .map((preset) => {
      const name = textAt(preset, '@token');
      return { preset: name, name: textAt(preset, 'Name') || name };
    });
}

/** What a camera offers, and its presets. */
export async function askPtz(device: Device, profile: string): Promise<Omit<PtzPresets, 'holder'>> {
  const answer = await device.call('ptz', `<GetNodes xmlns="${NS}"/>`);
  const node = at(answer, 'GetNodesResponse', 'PTZNode');
  const offers = (space: string) => at(node, 'SupportedPTZSpaces', space) !== undefined;
  const can = {
    move: offers('ContinuousPanTiltVelocitySpace') || offers('ContinuousZoomVelocitySpace'),
    absolute: offers('AbsolutePanTiltPositionSpace'),
    relative: offers('RelativePanTiltTranslationSpace'),
    home: textAt(node, 'HomeSupported') === 'true',
    presets: Number(textAt(node, 'MaximumNumberOfPresets')) > 0,
  };
  return { presets: can.presets ? await presetsOf(device, profile) : [], can };
}
