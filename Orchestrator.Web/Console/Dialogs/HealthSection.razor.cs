using Orchestrator.Web.Console.ViewModels.Forms;

namespace Orchestrator.Web.Console.Dialogs;

/// <summary>Health checks.</summary>
public sealed partial class HealthSection
{
    private static readonly string[] s_protocols = ["HTTP", "HTTPS", "TCP", "COMMAND", "MESOS_HTTP", "MESOS_HTTPS", "MESOS_TCP"];

    /// <summary>A check that says soon what is the case; the defaults of the API (300 s, 60 s) are for slow starters.</summary>
    private Task Add() => ChangeAsync(() => Form.HealthChecks.Add(new HealthCheckRow { Path = "/", Port = "0", GracePeriodSeconds = "60", IntervalSeconds = "10", TimeoutSeconds = "5", MaxConsecutiveFailures = "3" }));
}
