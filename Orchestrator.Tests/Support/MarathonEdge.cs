using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orchestrator.Core.Marathon;
using Orchestrator.Core.Runtime;
using Orchestrator.Core.Views.Services;
using Orchestrator.Web.Api.Marathon;
using Orchestrator.Web.Api.Operator;
using Orchestrator.Web.Hosting;
using Orchestrator.Web.Streaming;

namespace Orchestrator.Tests.Support;

/// <summary>The services API on a real server, in front of a scripted engine.</summary>
internal sealed class MarathonEdge : IAsyncDisposable
{
    private readonly EdgeHost _host;

    private MarathonEdge(EdgeHost host, ScriptedMarathon engine, EventBroadcast events)
    {
        _host = host;
        Engine = engine;
        Events = events;
    }

    public ScriptedMarathon Engine { get; }

    public EventBroadcast Events { get; }

    public HttpClient Client => _host.Client;

    public Uri Address => _host.Address;

    public static async Task<MarathonEdge> StartAsync(ServicesSnapshot snapshot, TimeProvider? time = null, params string[] origins)
    {
        var engine = new ScriptedMarathon(snapshot);
        EventBroadcast? events = null;
        var host = await EdgeHost.StartAsync(new ScriptedMaster(Snapshots.Empty), time ?? TimeProvider.System, services =>
        {
            services.AddSingleton<IEngineGateway<MarathonCommand, MarathonReply, ServicesSnapshot>>(engine);
            services.AddSingleton(new MarathonOptions { Seed = 1, Role = "ops", Hostname = "master.example" });
            services.AddSingleton(new MarathonAddress("master.example", 8080));
            services.AddSingleton(new MasterFlags(new Dictionary<string, string> { ["port"] = "5050", ["http_port"] = "8080" }));
            services.AddSingleton(new LogLevels(LogLevel.Information, TimeProvider.System));
            services.AddMarathonApi(origins);
        }, routes =>
        {
            routes.MapMarathonApi(static _ => true);
            events = routes.ServiceProvider.GetRequiredService<EventBroadcast>();
        });
        return new MarathonEdge(host, engine, events!);
    }

    /// <summary>GET as JSON; it must succeed.</summary>
    public async Task<JsonElement> GetAsync(string path)
    {
        using var answer = await Client.GetAsync(path);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == 200, $"{path}: {(int)answer.StatusCode} {text}");
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.ToString());
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>Any request; the body is sent as JSON.</summary>
    public async Task<(int Status, JsonElement Json, HttpResponseMessage Answer)> SendAsync(string method, string path, string? body = null, string? accept = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        }

        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        var answer = await Client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, text.StartsWith('{') || text.StartsWith('[') ? JsonDocument.Parse(text).RootElement : default, answer);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();
}
