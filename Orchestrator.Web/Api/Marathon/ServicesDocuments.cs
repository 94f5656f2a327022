using System.Globalization;
using System.Text.Json;
using Orchestrator.Core.Marathon;
using Orchestrator.Core.Marathon.Apps;
using Orchestrator.Core.Runtime;
using Orchestrator.Core.Views.Services;
using Orchestrator.Web.Api.Operator;

namespace Orchestrator.Web.Api.Marathon;

/// <summary>The newest snapshot of the services, and documents of it that are written once for all who ask.</summary>
/// <param name="engine">The services engine.</param>
public sealed class ServicesDocuments(IEngineGateway<MarathonCommand, MarathonReply, ServicesSnapshot> engine)
{
    private readonly DocumentCache _cache = new();

    /// <summary>The newest snapshot.</summary>
    public ServicesSnapshot Current => engine.Current;

    /// <summary>Sends a command and its reply.</summary>
    public async Task SendAsync(HttpContext context, MarathonCommand command) =>
        await MarathonAnswer.WriteAsync(context, await engine.SendAsync(command, context.RequestAborted));

    /// <summary>A JSON document of the newest snapshot; it must depend on nothing else but <paramref name="key"/>.</summary>
    public Document Get(string key, Action<Utf8JsonWriter, ServicesSnapshot> write) => GetBytes(key, snapshot => AppJson.Write(json => write(json, snapshot)));

    /// <summary>A JSON document of the newest snapshot with an ETag, which changes whenever anything does.</summary>
    public Document GetTagged(string key, Action<Utf8JsonWriter, ServicesSnapshot> write)
    {
        var snapshot = engine.Current;
        return _cache.Get(snapshot.Version, key, () => new Document(
            AppJson.Write(json => write(json, snapshot)),
            ETags.Of(snapshot.Groups.Count > 0 ? snapshot.Groups[0].Version : DateTimeOffset.UnixEpoch, string.Create(CultureInfo.InvariantCulture, $"{snapshot.At.UtcTicks:x}-{snapshot.Version:x}"))));
    }

    /// <summary>Any document of the newest snapshot, with an ETag of its own.</summary>
    public Document GetDocument(string key, Func<ServicesSnapshot, Document> write)
    {
        var snapshot = engine.Current;
        return _cache.Get(snapshot.Version, key, () => write(snapshot));
    }

    /// <summary>Any other document of the newest snapshot.</summary>
    public Document GetBytes(string key, Func<ServicesSnapshot, byte[]> write)
    {
        var snapshot = engine.Current;
        return _cache.Get(snapshot.Version, key, () => new Document(write(snapshot), etag: null));
    }
}
