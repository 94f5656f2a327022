using Orchestrator.Core.Contract.Apps;
using Orchestrator.Core.Contract.Json;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Views.Services;

namespace Orchestrator.Tests.Support;

/// <summary>Snapshots of services for tests of what reads them.</summary>
internal static class ServiceSnapshots
{
    public static readonly DateTimeOffset Start = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Nothing, not yet subscribed.</summary>
    public static ServicesSnapshot Empty { get; } = new() { Version = 1, At = Start, Connected = false, Apps = [], Deployments = [] };

    /// <summary>
    /// <c>/batch</c> without ports, <c>/shop/db</c> that waits, and <c>/shop/web</c> with three tasks, two ports and a deployment.
    /// </summary>
    public static ServicesSnapshot Busy { get; } = new()
    {
        Version = 2,
        At = Start,
        FrameworkId = "f-1",
        Connected = true,
        Apps = [App(Batch), Waiting(), Web()],
        Deployments =
        [
            new DeploymentView
            {
                Id = "d-1",
                Version = Start,
                StartedAt = Start,
                AffectedApps = ["/shop/web"],
                Steps = [[new DeploymentActionView("StartApplication", "/shop/web")], [new DeploymentActionView("ScaleApplication", "/shop/web")]],
                CurrentStep = 2,
            },
        ],
    };

    /// <summary>An app on the host network without ports.</summary>
    public static AppDefinition Batch => new() { Id = "/batch", Cmd = "make Report", Labels = Labels("tier=batch"), Version = Start, LastScalingAt = Start, LastConfigChangeAt = Start };

    /// <summary>An app of a definition with some instances.</summary>
    public static AppView App(AppDefinition definition, params InstanceView[] instances) => new()
    {
        Id = definition.Id,
        Definition = definition,
        Versions = [definition.Version],
        Definitions = new Dictionary<DateTimeOffset, AppDefinition> { [definition.Version] = definition },
        Instances = instances,
        DeploymentIds = [],
        TasksStaged = instances.Count(instance => instance.State == "TASK_STAGING"),
        TasksRunning = instances.Count(instance => instance.State == "TASK_RUNNING"),
        TasksHealthy = instances.Count(instance => instance.Healthy == true),
        TasksUnhealthy = instances.Count(instance => instance.Healthy == false),
    };

    /// <summary>A running instance.</summary>
    public static InstanceView Running(AppDefinition app, string number, string host, params int[] ports) => new()
    {
        Id = $"{app.Id.TrimStart('/').Replace('/', '_')}.instance-{number}",
        TaskId = $"{app.Id.TrimStart('/').Replace('/', '_')}.instance-{number}._app.1",
        AppId = app.Id,
        Condition = "Running",
        State = "TASK_RUNNING",
        Host = host,
        AgentId = "m-S0",
        Ports = ports,
        IpAddresses = ["172.17.0.2"],
        StagedAt = Start,
        StartedAt = Start.AddSeconds(1),
        Version = app.Version,
        HealthResults = [],
    };

    /// <summary>Labels of the form <c>key=value</c>.</summary>
    public static Dictionary<string, string> Labels(params string[] labels) => labels.Select(label => label.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);

    private static AppView Waiting()
    {
        var app = new AppDefinition { Id = "/shop/db", Cmd = "postgres", Cpus = 64, Labels = Labels("tier=data"), Version = Start, LastScalingAt = Start, LastConfigChangeAt = Start };
        var offer = MesosJson.Parse<Offer>("""
            {"id":{"value":"m-O1"},"framework_id":{"value":"f-1"},"agent_id":{"value":"m-S0"},"hostname":"one",
             "resources":[{"name":"cpus","type":"SCALAR","scalar":{"value":4}},{"name":"ports","type":"RANGES","ranges":{"range":[{"begin":31000,"end":32000}]}}],
             "attributes":[{"name":"rack","type":"TEXT","text":{"value":"r1"}},{"name":"level","type":"SCALAR","scalar":{"value":2}}]}
            """);
        return App(app) with
        {
            LastTaskFailure = new TaskFailureView("/shop/db", "one", "exit 1", "TASK_FAILED", "shop_db.instance-9._app.1", Start, Start, "m-S0"),
            Queue = new QueueView
            {
                Count = 1,
                Since = Start,
                DelayedUntil = Start.AddSeconds(30),
                ProcessedOffers = 3,
                UnusedOffers = 3,
                LastUnusedOfferAt = Start.AddSeconds(5),
                LastUnusedOffers =
                [
                    new UnusedOfferView("m-O1", "m-S0", "one", Start, offer, [new OfferRejection("InsufficientCpus", "64 cpus", "4 cpus"), new OfferRejection("InsufficientPorts", "2 ports", "1 port")]),
                    new UnusedOfferView("m-O2", "m-S1", "two", Start, offer, [new OfferRejection("InsufficientPorts", "2 ports", "1 port")]),
                ],
            },
        };
    }

    private static AppView Web()
    {
        var labels = new Dictionary<string, string>();
        var old = new AppDefinition
        {
            Id = "/shop/web",
            Cmd = "serve",
            Instances = 2,
            Labels = Labels("tier=web", "stage=live"),
            PortDefinitions = [new PortDefinition(10000, "tcp", "http", labels), new PortDefinition(10001, "tcp", null, labels)],
            Version = Start.AddDays(-1),
            LastScalingAt = Start.AddDays(-1),
            LastConfigChangeAt = Start.AddDays(-1),
        };
        var app = old with { Instances = 3, Version = Start, LastScalingAt = Start, LastConfigChangeAt = Start };
        var healthy = Running(app, "1", "one", 31000, 31001) with { Healthy = true, HealthResults = [new HealthResultView(true, 0, Start, Start.AddSeconds(9), null, null, "shop_web.instance-1")] };
        var staging = Running(app, "3", "", []) with { Condition = "Scheduled", State = "TASK_STAGING", TaskId = "", AgentId = "", IpAddresses = [], StagedAt = null, StartedAt = null };
        return App(app, healthy, Running(old, "2", "two", 31005, 31006), staging) with
        {
            Versions = [app.Version, old.Version],
            Definitions = new Dictionary<DateTimeOffset, AppDefinition> { [app.Version] = app, [old.Version] = old },
            DeploymentIds = ["d-1"],
        };
    }
}
