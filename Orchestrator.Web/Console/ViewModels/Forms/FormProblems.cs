using System.Text.RegularExpressions;

namespace Orchestrator.Web.Console.ViewModels.Forms;

/// <summary>What is wrong with a definition, to be shown at the fields: by the client's checks and by the engine's answer.</summary>
public sealed partial class FormProblems(IReadOnlyList<FieldProblem> problems)
{
    /// <summary>Nothing is wrong.</summary>
    public static FormProblems None { get; } = new([]);

    /// <summary>Whether anything is wrong.</summary>
    public bool Any => problems.Count > 0;

    /// <summary>Everything.</summary>
    public IReadOnlyList<FieldProblem> All => problems;

    /// <summary>What is wrong with one field.</summary>
    public IReadOnlyList<string> At(string path) => [.. problems.Where(problem => problem.Path == path).Select(problem => problem.Text)];

    /// <summary>What is wrong with a field or with anything in it, for a list that is one field of the form.</summary>
    public IReadOnlyList<string> Below(string path) =>
        [.. problems.Where(problem => IsBelow(problem.Path, path)).Select(problem => problem.Path == path ? problem.Text : $"{problem.Path[path.Length..].TrimStart('/')}: {problem.Text}")];

    /// <summary>What stands at no field of the form, with its path.</summary>
    public IReadOnlyList<FieldProblem> Elsewhere => [.. problems.Where(problem => SectionOf(problem.Path) is null)];

    /// <summary>How many problems a section of the form has.</summary>
    public int CountIn(FormSection section) => problems.Count(problem => SectionOf(problem.Path) == section);

    /// <summary>The section in which a field is shown; null when the form does not show it.</summary>
    public static FormSection? SectionOf(string path) =>
        General().IsMatch(path) ? FormSection.General
        : Container().IsMatch(path) ? FormSection.Container
        : Ports().IsMatch(path) ? FormSection.Ports
        : IsBelow(path, "/env") ? FormSection.Environment
        : IsBelow(path, "/labels") ? FormSection.Labels
        : Health().IsMatch(path) ? FormSection.Health
        : Volumes().IsMatch(path) ? FormSection.Volumes
        : Optional().IsMatch(path) ? FormSection.Optional
        : null;

    private static bool IsBelow(string path, string top) =>
        path.StartsWith(top, StringComparison.Ordinal) && (path.Length == top.Length || path[top.Length] is '/' or '(');

    [GeneratedRegex("^/(id|cmd|cpus|mem|disk|gpus|instances|role)$")]
    private static partial Regex General();

    [GeneratedRegex(@"^/container(/type|/docker(/image|/forcePullImage|/privileged|/parameters(\(\d+\)(/key|/value)?)?)?)?$")]
    private static partial Regex Container();

    [GeneratedRegex(@"^/(networks(\(0\)(/mode|/name)?)?|requirePorts|ports(\(\d+\))?|container/docker/network|(portDefinitions|container/portMappings|container/docker/portMappings)(\(\d+\)(/port|/containerPort|/hostPort|/protocol|/name)?)?)$")]
    private static partial Regex Ports();

    [GeneratedRegex(@"^/healthChecks(\(\d+\)(/protocol|/path|/command(/value)?|/port|/portIndex|/gracePeriodSeconds|/intervalSeconds|/timeoutSeconds|/maxConsecutiveFailures|/ignoreHttp1xx)?)?$")]
    private static partial Regex Health();

    [GeneratedRegex(@"^/container/volumes(\(\d+\)(/containerPath|/hostPath|/mode|/persistent(/size)?|/external(/name)?)?)?$")]
    private static partial Regex Volumes();

    [GeneratedRegex(@"^/(executor|user|upgradeStrategy/(minimumHealthCapacity|maximumOverCapacity)|backoffSeconds|backoffFactor|maxLaunchDelaySeconds|taskKillGracePeriodSeconds|((fetch|uris|constraints|acceptedResourceRoles|dependencies)(\(\d+\).*)?))$")]
    private static partial Regex Optional();
}
