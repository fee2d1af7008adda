/** Without letters and digits that are taken for one another when read aloud or from paper. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
const GROUPS = 4;
const GROUP = 4;

/** A password that a person can hand over on paper: 16 characters in groups, some 79 bits. */
export function makePassword(): string {
  const characters: string[] = [];
  while (characters.length < GROUPS * GROUP) {
    for (const byte of crypto.getRandomValues(new Uint8Array(32))) {
      // Bytes beyond the last whole round of the alphabet would favour its beginning.
      const round = Math.floor(256 / ALPHABET.length) * ALPHABET.length;
      const character = byte < round ? ALPHABET[byte % ALPHABET.length] : undefined;
      if (character !== undefined && characters.length < GROUPS * GROUP) characters.push(character);
    }
  }
  return (characters.join('').match(/.{4}/g) ?? []).join('-');
}
