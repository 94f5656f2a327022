using System.Globalization;
using System.Text.Json.Nodes;

namespace Orchestrator.Core.Simulation.Demo;

/// <summary>The apps of a demo cluster: most of them well, some in each kind of trouble that there is.</summary>
internal static class DemoApps
{
    /// <summary>The app whose instances are changed again and again.</summary>
    public const string Scaling = "/shop/cart";

    /// <summary>Definitions as a user would write them.</summary>
    public static IReadOnlyList<string> For(int agents)
    {
        // A handful of agents holds a handful of instances.
        int Some(int wanted) => Math.Max(1, Math.Min(wanted, agents * wanted / 20));
        return
        [
            Web("/shop/frontend", Some(12), "frontend:5.1", 0.5, 512),
            Web("/shop/catalog", Some(8), "catalog:3.0", 0.5, 768),
            Web(Scaling, Some(6), "cart:2.4", 0.3, 256),
            Web("/shop/checkout", Some(6), "checkout:2.9", 0.5, 512, "start=2secs-6secs"),
            Web("/shop/payments/gateway", Some(4), "payments:1.8", 0.4, 512, constraint: """["hostname","UNIQUE"]"""),
            Worker("/shop/payments/settlement", Some(2), "settlement:1.8", 0.3, 384),
            Worker("/shop/mail", Some(3), "mailer:0.9", 0.1, 128),
            Web("/media/images", Some(10), "images:7.2", 1, 1024, constraint: """["zone","GROUP_BY","3"]"""),
            Worker("/media/transcoder", Some(5), "transcoder:4.0", 2, 2048, "run=5mins-40mins"),
            Web("/media/player", Some(4), "player:1.1", 0.2, 256, "health=flapping"),
            Web("/platform/auth", Some(5), "auth:6.3", 0.3, 256, constraint: """["rack","UNIQUE"]"""),
            Web("/platform/api", Some(10), "api:12.0", 0.5, 512),
            Worker("/platform/scheduler", 1, "scheduler:2.2", 0.2, 256),
            Worker("/platform/log-shipper", Some(20), "log-shipper:3.3", 0.05, 64, constraint: """["hostname","UNIQUE"]"""),
            Web("/platform/metrics", Some(2), "metrics:8.5", 1, 4096),
            Worker("/data/kafka", Some(3), "kafka:3.7", 1, 4096, constraint: """["hostname","UNIQUE"]"""),
            Worker("/data/indexer", Some(4), "indexer:1.5", 0.5, 1024, "run=20mins-3hrs exit=1"),
            Worker("/labs/crashing", 1, "crashing:0.1", 0.1, 64, "start=1secs run=2secs-6secs exit=1", more: """ "backoffSeconds": 5, "backoffFactor": 1.6, "maxLaunchDelaySeconds": 300 """),
            Worker("/labs/too-large", 2, "simulation:0.3", 96, 524288),
            Worker("/labs/nowhere", 1, "quantum:0.0", 1, 512, constraint: """["kind","LIKE","quantum"]"""),
            Web("/labs/unhealthy", Some(2), "unhealthy:0.4", 0.1, 64, "health=failing", maxFailures: 0),
        ];
    }

    private static string Web(string id, int instances, string image, double cpus, int memMiB, string program = "start=500ms-3secs", string? constraint = null, int maxFailures = 3) =>
        Make(id, instances, image, cpus, memMiB, program, constraint, string.Create(CultureInfo.InvariantCulture, $$"""
            "healthChecks": [{"protocol": "MESOS_HTTP", "path": "/health", "portIndex": 0, "delaySeconds": 1, "gracePeriodSeconds": 10, "intervalSeconds": 20, "timeoutSeconds": 5, "maxConsecutiveFailures": {{maxFailures}} }],
            "upgradeStrategy": {"minimumHealthCapacity": 0.7, "maximumOverCapacity": 0.3}
            """));

    private static string Worker(string id, int instances, string image, double cpus, int memMiB, string program = "start=500ms-3secs", string? constraint = null, string? more = null) =>
        Make(id, instances, image, cpus, memMiB, program, constraint, more);

    private static string Make(string id, int instances, string image, double cpus, int memMiB, string program, string? constraint, string? more)
    {
        var app = JsonNode.Parse(string.Create(CultureInfo.InvariantCulture, $$$"""
            {
              "id": "{{{id}}}", "instances": {{{instances}}}, "cpus": {{{cpus}}}, "mem": {{{memMiB}}}, "disk": 0,
              "container": {"type": "DOCKER", "docker": {"image": "registry.demo{{{id[..id.LastIndexOf('/')]}}}/{{{image}}}"}},
              "networks": [{"mode": "host"}], "portDefinitions": [{"port": 0, "name": "http"}],
              "labels": {"team": "{{{id.Split('/')[1]}}}"}
            }
            """))!.AsObject();
        app["labels"]![SimulatedProgram.Label] = program;
        if (constraint is not null)
        {
            app["constraints"] = new JsonArray(JsonNode.Parse(constraint));
        }

        foreach (var (name, value) in JsonNode.Parse("{" + more + "}")!.AsObject())
        {
            app[name] = value?.DeepClone();
        }

        return app.ToJsonString();
    }
}
