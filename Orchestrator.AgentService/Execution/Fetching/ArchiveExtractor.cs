using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using Orchestrator.AgentService.Execution.Commands;

namespace Orchestrator.AgentService.Execution.Fetching;

/// <summary>
/// Takes archives apart into a sandbox. Names that lead out of it, entries that would be written through a link, and devices
/// are refused; set-user-id bits are dropped; what comes out is bounded in bytes and number.
/// </summary>
internal static class ArchiveExtractor
{
    private static readonly (string Ending, ArchiveKind Kind)[] s_endings =
    [
        (".tar.gz", ArchiveKind.TarGzip), (".tgz", ArchiveKind.TarGzip), (".tar.bz2", ArchiveKind.TarBzip2), (".tbz2", ArchiveKind.TarBzip2),
        (".tar.xz", ArchiveKind.TarXz), (".txz", ArchiveKind.TarXz), (".tar", ArchiveKind.Tar), (".zip", ArchiveKind.Zip), (".gz", ArchiveKind.Gzip),
    ];

    /// <summary>What a file of this name is.</summary>
    internal static ArchiveKind KindOf(string fileName) =>
        s_endings.FirstOrDefault(ending => fileName.EndsWith(ending.Ending, StringComparison.Ordinal)).Kind;

    /// <summary>Extracts an archive.</summary>
    /// <param name="archive">The file.</param>
    /// <param name="fileName">Its name in the sandbox, which tells its kind.</param>
    /// <param name="target">Where to.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="FetchException">It is broken, too long or refused.</exception>
    internal static async Task ExtractAsync(string archive, string fileName, ExtractionTarget target, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = new FileStream(archive, FileMode.Open, FileAccess.Read);
            switch (KindOf(fileName))
            {
                case ArchiveKind.Tar:
                    await ExtractTarAsync(file, target, cancellationToken);
                    break;
                case ArchiveKind.TarGzip:
                    await using (var gzip = new GZipStream(file, CompressionMode.Decompress))
                    {
                        await ExtractTarAsync(gzip, target, cancellationToken);
                    }

                    break;
                case ArchiveKind.TarBzip2:
                    await ThroughAsync("bzip2", archive, target, cancellationToken);
                    break;
                case ArchiveKind.TarXz:
                    await ThroughAsync("xz", archive, target, cancellationToken);
                    break;
                case ArchiveKind.Zip:
                    await ExtractZipAsync(file, target, cancellationToken);
                    break;
                case ArchiveKind.Gzip:
                    await using (var gzip = new GZipStream(file, CompressionMode.Decompress))
                    {
                        await target.WriteFileAsync(fileName[..^".gz".Length], gzip, ExtractionTarget.DefaultMode, cancellationToken);
                    }

                    break;
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException or NotSupportedException or FormatException)
        {
            throw new FetchException($"it cannot be extracted: {e.Message}");
        }
    }

    private static async Task ExtractTarAsync(Stream stream, ExtractionTarget target, CancellationToken cancellationToken)
    {
        await using var reader = new TarReader(stream, leaveOpen: true);
        while (await reader.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
        {
            switch (entry.EntryType)
            {
                case TarEntryType.Directory or TarEntryType.DirectoryList:
                    target.MakeDirectory(entry.Name, entry.Mode);
                    break;
                case TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile:
                    await target.WriteFileAsync(entry.Name, entry.DataStream ?? Stream.Null, entry.Mode, cancellationToken);
                    break;
                case TarEntryType.SymbolicLink:
                    target.MakeLink(entry.Name, entry.LinkName);
                    break;
                case TarEntryType.HardLink:
                    await target.CopyFileAsync(entry.Name, entry.LinkName, cancellationToken);
                    break;
                case TarEntryType.GlobalExtendedAttributes or TarEntryType.TapeVolume:
                    break;
                default:
                    throw new FetchException($"'{entry.Name}' in it is a {entry.EntryType}; only files, directories and links are extracted");
            }
        }
    }

    private static async Task ExtractZipAsync(Stream stream, ExtractionTarget target, CancellationToken cancellationToken)
    {
        await using var zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        foreach (var entry in zip.Entries)
        {
            // The upper half holds what Unix knows of a file, where Unix made it.
            var mode = entry.ExternalAttributes >>> 16;
            if (entry.FullName.EndsWith('/'))
            {
                target.MakeDirectory(entry.FullName, mode == 0 ? ExtractionTarget.DirectoryMode : (UnixFileMode)(mode & 0x1FF));
                continue;
            }

            await using var data = await entry.OpenAsync(cancellationToken);
            if ((mode & 0xF000) == 0xA000)
            {
                target.MakeLink(entry.FullName, await ExtractionTarget.ReadTextAsync(data, cancellationToken));
            }
            else
            {
                await target.WriteFileAsync(entry.FullName, data, mode == 0 ? ExtractionTarget.DefaultMode : (UnixFileMode)(mode & 0x1FF), cancellationToken);
            }
        }
    }

    /// <summary>bzip2 and xz are programs of the machine; the framework does not read their formats.</summary>
    private static async Task ThroughAsync(string program, string archive, ExtractionTarget target, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, ["-dc", "--", archive]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Clear();
        foreach (var (name, value) in CommandTools.Environment)
        {
            start.Environment[name] = value;
        }

        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new FetchException($"it cannot be extracted: '{program}' is not installed on the agent (package {(program == "xz" ? "xz-utils" : program)})");
        }

        using (process)
        {
            try
            {
                var error = process.StandardError.ReadToEndAsync(cancellationToken);
                await ExtractTarAsync(process.StandardOutput.BaseStream, target, cancellationToken);
                // What follows the end of the archive is padding.
                await process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, cancellationToken);
                await process.WaitForExitAsync(cancellationToken);
                if (process.ExitCode != 0)
                {
                    throw new FetchException($"it cannot be extracted: {(await error).Trim().Split('\n')[0]}");
                }
            }
            finally
            {
                if (!process.HasExited)
                {
                    process.Kill();
                }
            }
        }
    }
}
