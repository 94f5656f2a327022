using System.Text.Json;
using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Marathon.Apps;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Tests.Support;

/// <summary>Snapshots of the services engine for tests of what reads them.</summary>
internal static class Services
{
    public static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    public static ServicesSnapshot Snapshot(params AppView[] apps) => new()
    {
        Version = 1,
        At = Now,
        FrameworkId = "m-0000",
        Connected = true,
        Apps = [.. apps.OrderBy(app => app.Id, StringComparer.Ordinal)],
        Deployments = [],
    };

    public static AppDefinition Definition(string json)
    {
        using var document = JsonDocument.Parse(json);
        return AppParser.Parse(document.RootElement, null, new FieldErrors()) with { Version = Now, LastScalingAt = Now, LastConfigChangeAt = Now };
    }

    public static AppView App(string id, int instances = 1, int running = 0, int staged = 0, int healthy = 0, int unhealthy = 0, string? more = null)
    {
        var definition = Definition($$"""{ "id": "{{id}}", "cmd": "sleep 1", "cpus": 0.5, "mem": 64, "instances": {{instances}}{{(more is null ? "" : ", " + more)}} }""");
        return new AppView
        {
            Id = id,
            Definition = definition,
            Versions = [definition.Version],
            Definitions = new Dictionary<DateTimeOffset, AppDefinition> { [definition.Version] = definition },
            Instances = [],
            DeploymentIds = [],
            TasksStaged = staged,
            TasksRunning = running,
            TasksHealthy = healthy,
            TasksUnhealthy = unhealthy,
        };
    }

    public static QueueView Queue(int count = 1, TimeSpan? delayed = null, TimeSpan? waited = null, params UnusedOfferView[] unused) => new()
    {
        Count = count,
        Since = Now - (waited ?? TimeSpan.FromMinutes(1)),
        DelayedUntil = delayed is { } delay ? Now + delay : null,
        ProcessedOffers = unused.Length,
        UnusedOffers = unused.Length,
        LastUnusedOffers = unused,
    };

    public static UnusedOfferView Unused(string host, params OfferRejection[] reasons) => new($"o-{host}", $"S-{host}", host, Now, new Core.Contract.Mesos.Offer(), reasons);
}
