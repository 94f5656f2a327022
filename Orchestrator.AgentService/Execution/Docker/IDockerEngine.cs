using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orchestrator.AgentService.Execution.Docker;

/// <summary>
/// The part of the Docker Engine API that is used; any client library can stand behind it. Containers are addressed by name
/// or id. Every call throws <see cref="DockerException"/> for a refusal and <see cref="DockerUnavailableException"/> when no
/// daemon answers.
/// </summary>
internal interface IDockerEngine : IDisposable
{
    /// <summary>Creates a container.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="body">The body of <c>POST /containers/create</c>.</param>
    /// <param name="cancellationToken">Gives up waiting; the daemon may create it nevertheless.</param>
    Task CreateAsync(string name, JsonObject body, CancellationToken cancellationToken);

    /// <summary>Starts it; returns once its first process runs.</summary>
    Task StartAsync(string container, CancellationToken cancellationToken);

    /// <summary>What the daemon knows of it; null when there is none.</summary>
    Task<JsonElement?> InspectAsync(string container, CancellationToken cancellationToken);

    /// <summary>All containers with a label, ended ones too.</summary>
    /// <param name="label"><c>name=value</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<JsonElement> ListAsync(string label, CancellationToken cancellationToken);

    /// <summary>The container's stop signal, and SIGKILL after so many seconds; returns once it has ended. No error when it has ended already.</summary>
    Task StopAsync(string container, int seconds, CancellationToken cancellationToken);

    /// <summary>Sets other limits of a container. No error when it has ended already.</summary>
    /// <param name="container">The container.</param>
    /// <param name="limits">The body of <c>POST /containers/NAME/update</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task UpdateAsync(string container, JsonObject limits, CancellationToken cancellationToken);

    /// <summary>SIGKILL. No error when it has ended already.</summary>
    Task KillAsync(string container, CancellationToken cancellationToken);

    /// <summary>Removes it with its anonymous volumes, running or not. No error when there is none.</summary>
    Task RemoveAsync(string container, CancellationToken cancellationToken);

    /// <summary>Returns once it does not run.</summary>
    Task WaitAsync(string container, CancellationToken cancellationToken);

    /// <summary>Its output; in frames unless it has a terminal.</summary>
    /// <param name="container">The container.</param>
    /// <param name="since">Seconds and nanoseconds since 1970 as the API writes them, inclusive; null for everything.</param>
    /// <param name="timestamps">Whether each line begins with its time.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Ends when the container has ended.</returns>
    Task<Stream> FollowLogsAsync(string container, string? since, bool timestamps, CancellationToken cancellationToken);

    /// <summary>The ends (<c>die</c>) of containers with a label, one JSON object a line, from now on.</summary>
    Task<Stream> FollowEndsAsync(string label, CancellationToken cancellationToken);

    /// <summary>Pulls an image.</summary>
    /// <param name="repository">With its registry, without tag.</param>
    /// <param name="tag">Tag or digest.</param>
    /// <param name="registryAuth">The value of <c>X-Registry-Auth</c>; null without an account.</param>
    /// <param name="cancellationToken">Gives up; the daemon stops pulling.</param>
    Task PullAsync(string repository, string tag, string? registryAuth, CancellationToken cancellationToken);

    /// <summary>Makes an image of a file system.</summary>
    /// <param name="repository">Its name.</param>
    /// <param name="tag">Its tag.</param>
    /// <param name="archive">The file system as a tar archive.</param>
    /// <param name="changes">Dockerfile instructions that apply to it, such as <c>CMD ["/program"]</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task ImportAsync(string repository, string tag, byte[] archive, IReadOnlyList<string> changes, CancellationToken cancellationToken);

    /// <summary>Runs a command in a container and returns its exit code once it ended.</summary>
    /// <param name="container">The container.</param>
    /// <param name="body">The body of <c>POST /containers/NAME/exec</c>.</param>
    /// <param name="started">Told the id of the execution, before it runs.</param>
    /// <param name="cancellationToken">Gives up waiting; the command runs on.</param>
    Task<int> ExecuteAsync(string container, JsonObject body, Action<string> started, CancellationToken cancellationToken);

    /// <summary>Begins a command in a container, with its input and output at hand.</summary>
    /// <param name="container">The container.</param>
    /// <param name="body">The body of <c>POST /containers/NAME/exec</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<DockerSession> OpenExecutionAsync(string container, JsonObject body, CancellationToken cancellationToken);

    /// <summary>Tells the terminal of an execution how large it is. No error when it has ended.</summary>
    Task ResizeExecutionAsync(string execution, uint rows, uint columns, CancellationToken cancellationToken);

    /// <summary>The exit code of an execution; null while it runs.</summary>
    Task<int?> ExecutionExitAsync(string execution, CancellationToken cancellationToken);

    /// <summary>The process of an execution on the host; null when it has none.</summary>
    Task<int?> ExecutionPidAsync(string execution, CancellationToken cancellationToken);

    /// <summary>One reading of its statistics; null when it does not run.</summary>
    Task<JsonElement?> StatisticsAsync(string container, CancellationToken cancellationToken);
}
