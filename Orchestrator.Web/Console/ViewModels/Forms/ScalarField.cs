namespace Orchestrator.Web.Console.ViewModels.Forms;

/// <summary>A field of the form that is one value of the document.</summary>
/// <param name="Path">Where it stands in the document.</param>
/// <param name="IsNumber">Whether it is written as a number.</param>
/// <param name="Get">Reads it from the form.</param>
/// <param name="Set">Writes it into the form.</param>
internal sealed record ScalarField(string Path, bool IsNumber, Func<AppForm, string> Get, Action<AppForm, string> Set)
{
    /// <summary>All of them.</summary>
    internal static IReadOnlyList<ScalarField> All { get; } =
    [
        new("id", false, form => form.Id, (form, text) => form.Id = text),
        new("cmd", false, form => form.Cmd, (form, text) => form.Cmd = text),
        new("cpus", true, form => form.Cpus, (form, text) => form.Cpus = text),
        new("mem", true, form => form.Mem, (form, text) => form.Mem = text),
        new("disk", true, form => form.Disk, (form, text) => form.Disk = text),
        new("gpus", true, form => form.Gpus, (form, text) => form.Gpus = text),
        new("instances", true, form => form.Instances, (form, text) => form.Instances = text),
        new("role", false, form => form.Role, (form, text) => form.Role = text),
        new("executor", false, form => form.Executor, (form, text) => form.Executor = text),
        new("user", false, form => form.User, (form, text) => form.User = text),
        new("upgradeStrategy/minimumHealthCapacity", true, form => form.MinimumHealthCapacity, (form, text) => form.MinimumHealthCapacity = text),
        new("upgradeStrategy/maximumOverCapacity", true, form => form.MaximumOverCapacity, (form, text) => form.MaximumOverCapacity = text),
        new("backoffSeconds", true, form => form.BackoffSeconds, (form, text) => form.BackoffSeconds = text),
        new("backoffFactor", true, form => form.BackoffFactor, (form, text) => form.BackoffFactor = text),
        new("maxLaunchDelaySeconds", true, form => form.MaxLaunchDelaySeconds, (form, text) => form.MaxLaunchDelaySeconds = text),
        new("taskKillGracePeriodSeconds", true, form => form.TaskKillGracePeriodSeconds, (form, text) => form.TaskKillGracePeriodSeconds = text),
    ];
}
