using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Orchestrator.AgentService.Execution.Groups;

/// <summary>
/// The program of the container that holds a group's network: it waits for ever. A complete static ELF file of some 140
/// bytes is written here from the instructions below, so that no image has to be pulled for it and everybody can read what runs.
/// </summary>
internal static class PauseProgram
{
    private const ulong LoadAddress = 0x400000;
    private const int HeaderBytes = 64 + 56;

    /// <summary><c>again: mov eax, 34 (pause); syscall; jmp again</c>.</summary>
    private static readonly byte[] s_x64 = [0xB8, 0x22, 0x00, 0x00, 0x00, 0x0F, 0x05, 0xEB, 0xF7];

    /// <summary><c>again: mov x0..x4, #0; mov x8, #73 (ppoll); svc #0; b again</c>. This machine has no pause.</summary>
    private static readonly uint[] s_arm64 = [0xD2800000, 0xD2800001, 0xD2800002, 0xD2800003, 0xD2800004, 0xD2800928, 0xD4000001, 0x17FFFFF9];

    /// <summary>The file for a processor; null for one that there is no program for.</summary>
    internal static byte[]? For(Architecture architecture) => architecture switch
    {
        Architecture.X64 => Executable(machine: 62, s_x64),
        Architecture.Arm64 => Executable(machine: 183, Words(s_arm64)),
        _ => null,
    };

    /// <summary>An ELF file of one segment that holds the headers and the code.</summary>
    private static byte[] Executable(ushort machine, ReadOnlySpan<byte> code)
    {
        var file = new byte[HeaderBytes + code.Length];
        var header = file.AsSpan();
        // Magic number, 64 bits, little endian, version 1.
        ((ReadOnlySpan<byte>)[0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1]).CopyTo(header);
        Put16(header, 16, 2); // executable
        Put16(header, 18, machine);
        Put32(header, 20, 1); // version
        Put64(header, 24, LoadAddress + HeaderBytes); // entry point
        Put64(header, 32, 64); // program headers begin here
        Put16(header, 52, 64); // size of this header
        Put16(header, 54, 56); // size of a program header
        Put16(header, 56, 1); // number of program headers
        Put16(header, 58, 64); // size of a section header, of which there are none

        var segment = header[64..];
        Put32(segment, 0, 1); // to be loaded
        Put32(segment, 4, 5); // readable and executable
        Put64(segment, 16, LoadAddress); // virtual address
        Put64(segment, 24, LoadAddress); // physical address
        Put64(segment, 32, (ulong)file.Length); // bytes in the file
        Put64(segment, 40, (ulong)file.Length); // bytes in memory
        Put64(segment, 48, 0x10000); // alignment: the largest page
        code.CopyTo(header[HeaderBytes..]);
        return file;
    }

    private static byte[] Words(uint[] words)
    {
        var bytes = new byte[words.Length * 4];
        for (var i = 0; i < words.Length; i++)
        {
            Put32(bytes, i * 4, words[i]);
        }

        return bytes;
    }

    private static void Put16(Span<byte> bytes, int offset, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(bytes[offset..], value);

    private static void Put32(Span<byte> bytes, int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(bytes[offset..], value);

    private static void Put64(Span<byte> bytes, int offset, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(bytes[offset..], value);
}
