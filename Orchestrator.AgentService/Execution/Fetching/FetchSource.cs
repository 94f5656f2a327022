using Orchestrator.Core.Contract.Mesos;

namespace Orchestrator.AgentService.Execution.Fetching;

/// <summary>Where a URI leads and what its file is called.</summary>
/// <param name="Address">For http and https; null for a file of the machine.</param>
/// <param name="LocalPath">Absolute, for a file of the machine; null otherwise.</param>
/// <param name="FileName">Relative to the sandbox.</param>
/// <param name="Shown">The URI without what may be secret: name and password, query and fragment.</param>
internal sealed record FetchSource(Uri? Address, string? LocalPath, string FileName, string Shown)
{
    private const string FileScheme = "file://";

    /// <summary>Reads a URI: <c>http://h/a.tgz</c>, <c>https://…</c>, <c>file:///a.tgz</c>, <c>/a.tgz</c>, or <c>a.tgz</c> below a home.</summary>
    /// <exception cref="FetchException">It is none of these.</exception>
    internal static FetchSource Parse(CommandInfo.Types.URI uri, string? home)
    {
        var value = uri.Value;
        var scheme = value.IndexOf("://", StringComparison.Ordinal);
        if (value.Length == 0 || value.Any(char.IsControl))
        {
            throw new FetchException("'uris.value' is empty or holds control characters: give http://, https://, file:// or an absolute path");
        }

        if (scheme < 0 || value.StartsWith(FileScheme, StringComparison.OrdinalIgnoreCase))
        {
            return Local(uri, scheme < 0 ? value : value[FileScheme.Length..], home);
        }

        if (!Uri.TryCreate(value, UriKind.Absolute, out var address))
        {
            throw new FetchException($"'{value.Split('?')[0]}' is no URI");
        }

        var shown = $"{address.Scheme}://{address.Authority}{address.AbsolutePath}";
        return address.Scheme is "http" or "https"
            ? new FetchSource(address, null, NameOf(uri, address.AbsolutePath, shown), shown)
            : throw new FetchException($"'{shown}': this agent fetches http, https and files of the machine, not {address.Scheme}");
    }

    private static FetchSource Local(CommandInfo.Types.URI uri, string path, string? home)
    {
        // file://localhost/a is /a
        path = path.StartsWith("localhost/", StringComparison.Ordinal) ? path["localhost".Length..] : path;
        if (!path.StartsWith('/'))
        {
            path = home is not null
                ? Path.Combine(home, path)
                : throw new FetchException($"'{path}' is a relative path: give an absolute one, or start the agent with --frameworks_home");
        }

        return new FetchSource(null, path, NameOf(uri, path, path), path);
    }

    private static string NameOf(CommandInfo.Types.URI uri, string path, string shown)
    {
        if (uri.HasOutputFile)
        {
            return uri.OutputFile;
        }

        var name = path[(path.LastIndexOf('/') + 1)..];
        return name is not ("" or "." or "..") ? name : throw new FetchException($"'{shown}' names no file: give 'output_file'");
    }
}
