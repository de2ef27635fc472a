/**
 * A program that reads its standard input until that ends, and then ends: 140 bytes of machine code after an ELF header, so that a lock
 * needs no image that might not be there. `read(0, sp, 1)` while it gives more than 0, then `exit(0)`. On a processor for which there is
 * none it is one that cannot be started: then the container's name alone is the lock.
 */
export const lockProgram = (architecture: string): Buffer => elf(machines[architecture] ?? amd64);

interface Machine {
  /** e_machine of the ELF header. */
  readonly number: number;
  readonly code: Buffer;
}

// xor eax,eax; xor edi,edi; mov rsi,rsp; push 1; pop rdx; syscall; test eax,eax; jg start; push 60; pop rax; xor edi,edi; syscall
const amd64: Machine = { number: 62, code: Buffer.from('31c031ff4889e66a015a0f0585c07ff06a3c5831ff0f05', 'hex') };

/** By what an engine calls them (GET /version, "Arch"). */
const machines: Readonly<Record<string, Machine | undefined>> = {
  amd64,
  // mov x0,#0; mov x1,sp; mov x2,#1; mov x8,#63; svc #0; cmp x0,#0; b.gt start; mov x0,#0; mov x8,#93; svc #0
  arm64: {
    number: 183,
    code: Buffer.from('000080d2e1030091220080d2e80780d2010000d41f0000f14cffff54000080d2a80b80d2010000d4', 'hex'),
  },
};

const headerBytes = 120;
const loadedAt = 0x400000n;

/** An ELF file of one segment that is loaded whole: https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html */
function elf({ number, code }: Machine): Buffer {
  const file = Buffer.alloc(headerBytes + code.length);
  file.write('\x7fELF\x02\x01\x01', 0, 'latin1'); // 64 bits, little endian
  file.writeUInt16LE(2, 16); // an executable
  file.writeUInt16LE(number, 18);
  file.writeUInt32LE(1, 20);
  file.writeBigUInt64LE(loadedAt + BigInt(headerBytes), 24); // where it starts
  file.writeBigUInt64LE(64n, 32); // program headers begin
  file.writeUInt16LE(64, 52);
  file.writeUInt16LE(56, 54);
  file.writeUInt16LE(1, 56); // one of them
  file.writeUInt32LE(1, 64); // to be loaded
  file.writeUInt32LE(5, 68); // read and execute
  file.writeBigUInt64LE(loadedAt, 80);
  file.writeBigUInt64LE(loadedAt, 88);
  file.writeBigUInt64LE(BigInt(file.length), 96);
  file.writeBigUInt64LE(BigInt(file.length), 104);
  file.writeBigUInt64LE(0x10000n, 112); // alignment: pages of up to 64 KiB
  code.copy(file, headerBytes);
  return file;
}
