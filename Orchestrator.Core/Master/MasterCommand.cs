using Orchestrator.Core.Contract.Link;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.SchedulerApi;
using Orchestrator.Core.Primitives;

namespace Orchestrator.Core.Master;

/// <summary>Everything the master can be told. One record a command; edges make them, the loop applies them.</summary>
public abstract partial record MasterCommand
{
    private MasterCommand()
    {
    }

    /// <summary>
    /// A SUBSCRIBE that passed the request gate. Its events, SUBSCRIBED first, go to <paramref name="Stream"/>, which the
    /// edge opened before; a refusal is an ERROR event there, after which the stream is closed.
    /// </summary>
    /// <param name="Stream">The stream that the edge opened.</param>
    /// <param name="Call">A call of type SUBSCRIBE.</param>
    /// <param name="Principal">Who authenticated; null without authentication.</param>
    public sealed record SubscribeScheduler(StreamId Stream, Call Call, string? Principal) : MasterCommand;

    /// <summary>Any other scheduler call. The reply is 202, or the status of the gate's checks 13 to 20.</summary>
    /// <param name="Stream">The Mesos-Stream-Id header as sent; null when missing.</param>
    /// <param name="Call">The call, validated for its shape.</param>
    /// <param name="Principal">Who authenticated; null without authentication.</param>
    public sealed record CallScheduler(string? Stream, Call Call, string? Principal) : MasterCommand;

    /// <summary>The stream of a scheduler broke. Ignored when another stream has replaced it.</summary>
    public sealed record DisconnectScheduler(StreamId Stream) : MasterCommand;

    /// <summary>The first call on an agent's stream: registers it, or registers it again.</summary>
    /// <param name="Stream">The stream that the edge opened.</param>
    /// <param name="Subscribe">What the agent said of itself.</param>
    /// <param name="RemoteAddress">IP address from which the agent dialled.</param>
    public sealed record SubscribeAgent(StreamId Stream, AgentCall.Types.Subscribe Subscribe, string RemoteAddress) : MasterCommand;

    /// <summary>Any further call of a linked agent. Refused with 403 when the stream is not its current one.</summary>
    public sealed record CallAgent(StreamId Stream, AgentCall Call) : MasterCommand;

    /// <summary>The stream of an agent broke. Ignored when another stream has replaced it.</summary>
    public sealed record DisconnectAgent(StreamId Stream) : MasterCommand;

    /// <summary>An operator ends one task of any framework (console, CLI). 404 when the task is not known.</summary>
    public sealed record KillTask(TaskKey Task) : MasterCommand;

    /// <summary>An operator removes a framework and all its tasks. 400 when it is not known.</summary>
    public sealed record TeardownFramework(FrameworkId Framework) : MasterCommand;

    /// <summary>
    /// An operator reserves, unreserves, creates, destroys or resizes on an agent, of what no task holds; offers are rescinded for
    /// it. 202, 400 when it makes no sense or the agent is not known, 409 when the resources are not there.
    /// </summary>
    /// <param name="Agent">The agent.</param>
    /// <param name="Operation">One that converts resources.</param>
    /// <param name="Principal">Who authenticated; null without authentication.</param>
    public sealed record ChangeResources(AgentId Agent, Offer.Types.Operation Operation, string? Principal) : MasterCommand;
}
