using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Orchestrator.AgentService.Sandbox;
using Orchestrator.Core.Contract.Json;

namespace Orchestrator.AgentService.Api;

/// <summary><c>/files/browse</c>, <c>/files/read</c> and <c>/files/download</c>. Source: Mesos' files endpoints.</summary>
internal sealed class FilesApi(SandboxFiles files)
{
    /// <summary>Most bytes of one read: 16 pages.</summary>
    internal const int MaxReadBytes = 64 * 1024;

    private const string Kinds = "?pc?d?b?-?l?s???";

    internal async Task BrowseAsync(HttpContext context)
    {
        using var entry = await OpenAsync(context);
        if (entry is null)
        {
            return;
        }

        if (!entry.IsDirectory)
        {
            await JsonAnswer.ErrorAsync(context, 404, "");
            return;
        }

        await JsonAnswer.WriteAsync(context, writer =>
        {
            writer.WriteStartArray();
            foreach (var name in entry.Names())
            {
                if (entry.Inspect(name) is not { } facts)
                {
                    continue;
                }

                writer.WriteStartObject();
                writer.WriteString("gid", Posix.GroupName(facts.GroupId));
                writer.WriteString("mode", ModeText(facts.Mode));
                writer.WritePropertyName("mtime");
                MesosJson.WriteNumber(writer, Math.Floor(facts.ModifiedSeconds));
                writer.WriteNumber("nlink", facts.Links);
                writer.WriteString("path", entry.RequestedPath + "/" + name);
                writer.WriteNumber("size", facts.Size);
                writer.WriteString("uid", Posix.UserName(facts.UserId));
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });
    }

    internal async Task ReadAsync(HttpContext context)
    {
        if (!Number(context, "offset", -1, out var offset) || !Number(context, "length", MaxReadBytes, out var length) || offset < -1 || length < -1)
        {
            await JsonAnswer.ErrorAsync(context, 400, "Query parameters 'offset' and 'length' must be whole numbers, not below -1.\n");
            return;
        }

        using var entry = await OpenAsync(context);
        if (entry is null || !await IsFileAsync(context, entry))
        {
            return;
        }

        using var stream = entry.OpenRead();
        var size = stream.Length;
        if (offset == -1)
        {
            await AnswerAsync(context, "", size);
            return;
        }

        if (offset >= size)
        {
            await AnswerAsync(context, "", offset);
            return;
        }

        var wanted = length == -1 ? MaxReadBytes : Math.Min(length, MaxReadBytes);
        var buffer = new byte[Math.Min(wanted, size - offset)];
        stream.Position = offset;
        var read = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, context.RequestAborted);
        var whole = offset + read < size ? WholeCharacters(buffer.AsSpan(0, read)) : read;
        await AnswerAsync(context, Encoding.UTF8.GetString(buffer, 0, whole), offset);
    }

    internal async Task DownloadAsync(HttpContext context)
    {
        using var entry = await OpenAsync(context);
        if (entry is null || !await IsFileAsync(context, entry))
        {
            return;
        }

        FileStreamHttpResult result = TypedResults.Stream(
            entry.OpenRead(),
            "application/octet-stream",
            Path.GetFileName(entry.RequestedPath),
            enableRangeProcessing: true);
        await result.ExecuteAsync(context);
    }

    private static Task AnswerAsync(HttpContext context, string data, long offset) => JsonAnswer.WriteAsync(context, writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("data", data);
        writer.WriteNumber("offset", offset);
        writer.WriteEndObject();
    });

    private static bool Number(HttpContext context, string name, long fallback, out long value)
    {
        value = fallback;
        return !context.Request.Query.TryGetValue(name, out var text)
            || long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
    }

    private async Task<SandboxFiles.Entry?> OpenAsync(HttpContext context)
    {
        if (!context.Request.Query.TryGetValue("path", out var path) || path.ToString().Length == 0)
        {
            await JsonAnswer.ErrorAsync(context, 400, "Expecting 'path=value' in query.\n");
            return null;
        }

        var (entry, refusal) = files.Open(path.ToString());
        if (refusal == SandboxFiles.Refusal.Outside)
        {
            await JsonAnswer.ErrorAsync(context, 400, "The path leads out of its sandbox.\n");
        }
        else if (entry is null)
        {
            await JsonAnswer.ErrorAsync(context, 404, "");
        }

        return entry;
    }

    private static async Task<bool> IsFileAsync(HttpContext context, SandboxFiles.Entry entry)
    {
        if (entry.IsRegular)
        {
            return true;
        }

        await JsonAnswer.ErrorAsync(context, 400, entry.IsDirectory ? "Cannot read a directory.\n" : "Only ordinary files can be read.\n");
        return false;
    }

    /// <summary>
    /// Without the beginning of a UTF-8 character at the end, so that the next read has all of it. What is not UTF-8
    /// at all is kept.
    /// </summary>
    private static int WholeCharacters(ReadOnlySpan<byte> bytes)
    {
        for (var back = 1; back <= Math.Min(3, bytes.Length - 1); back++)
        {
            var lead = bytes[^back];
            if ((lead & 0xC0) != 0x80)
            {
                var needed = lead switch { >= 0xF0 => 4, >= 0xE0 => 3, >= 0xC0 => 2, _ => 1 };
                return needed > back ? bytes.Length - back : bytes.Length;
            }
        }

        return bytes.Length;
    }

    /// <summary>As <c>ls -l</c> writes it: <c>-rw-r--r--</c>.</summary>
    private static string ModeText(ushort mode)
    {
        Span<char> text = stackalloc char[10];
        text[0] = Kinds[(mode >> 12) & 0xF];
        for (var i = 0; i < 9; i++)
        {
            text[i + 1] = (mode & (0x100 >> i)) != 0 ? "rwxrwxrwx"[i] : '-';
        }

        return new string(text);
    }
}
