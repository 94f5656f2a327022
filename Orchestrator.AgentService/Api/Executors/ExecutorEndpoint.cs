using Orchestrator.AgentService.Hosting;
using Orchestrator.Core.Agent;
using Orchestrator.Core.Agent.Executors;
using Orchestrator.Core.Contract;
using Orchestrator.Core.Contract.ExecutorApi;
using Orchestrator.Core.Contract.Validation;
using Orchestrator.Core.Primitives;

namespace Orchestrator.AgentService.Api.Executors;

/// <summary>
/// <c>POST /api/v1/executor</c>. The order of its checks is part of the contract: recovery 503, method 405, Content-Type 400
/// and 415, body and shape of the call 400, Accept of a SUBSCRIBE 406, executor unknown 400, not subscribed 403.
/// </summary>
internal static class ExecutorEndpoint
{
    /// <summary>Where it answers; what stands behind it is ignored.</summary>
    internal const string Path = "/api/v1/executor";

    internal static bool Matches(string path) => path == Path || path.StartsWith(Path + "/", StringComparison.Ordinal);

    internal static async Task HandleAsync(HttpContext context, AgentRuntime? running)
    {
        if (running is not { } agent)
        {
            await JsonAnswer.ErrorAsync(context, StatusCodes.Status503ServiceUnavailable, "Agent has not finished recovery");
            return;
        }

        if (await CallBody.ReadAsync<Call>(context) is not { } call)
        {
            return;
        }

        if (ExecutorCallShape.Check(call) is { } error)
        {
            await JsonAnswer.ErrorAsync(context, StatusCodes.Status400BadRequest, error);
            return;
        }

        switch (call.Type)
        {
            case Call.Types.Type.Subscribe:
                await SubscribeAsync(context, agent, call);
                break;
            case Call.Types.Type.Update or Call.Types.Type.Message:
                await TakeAsync(context, agent, call);
                break;
            case Call.Types.Type.Heartbeat:
                // Its ids are not looked at: the reference's library sends made-up ones.
                context.Response.StatusCode = StatusCodes.Status202Accepted;
                break;
            default:
                await JsonAnswer.ErrorAsync(context, StatusCodes.Status501NotImplemented, "'type' UNKNOWN is no call; send SUBSCRIBE, UPDATE, MESSAGE or HEARTBEAT");
                break;
        }
    }

    /// <summary>
    /// An update is taken before it is on disk, as the reference does it: what the executor may rely on is the ACKNOWLEDGED
    /// event, which comes after.
    /// </summary>
    private static async Task TakeAsync(HttpContext context, AgentRuntime agent, Call call)
    {
        if (agent.Loop.Current.FindExecutor(call.FrameworkId.Value, call.ExecutorId.Value) is not { } executor)
        {
            await JsonAnswer.ErrorAsync(context, StatusCodes.Status400BadRequest, Unknown(agent.Loop.Current, call));
        }
        else if (executor.Phase is not (ExecutorPhase.Running or ExecutorPhase.Terminating))
        {
            await JsonAnswer.ErrorAsync(context, StatusCodes.Status403Forbidden, "Executor is not subscribed");
        }
        else
        {
            await agent.Loop.TellAsync(new AgentCommand.CallByExecutor(call), context.RequestAborted);
            context.Response.StatusCode = StatusCodes.Status202Accepted;
        }
    }

    private static async Task SubscribeAsync(HttpContext context, AgentRuntime agent, Call call)
    {
        if (MediaTypes.Negotiate(context.Request.Headers.Accept) is not { } format)
        {
            await JsonAnswer.ErrorAsync(context, StatusCodes.Status406NotAcceptable, $"Expecting 'Accept' to allow {MessageCodec.JsonMediaType} or {MessageCodec.ProtobufMediaType}");
            return;
        }

        var id = new StreamId(Guid.NewGuid());
        using var events = agent.ExecutorStreams.Open(id);
        // An agent that stops ends its streams at once: executors try again sooner than a connection would time out.
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, agent.Stopping);
        try
        {
            var reply = await agent.Loop.AskAsync(new AgentCommand.SubscribeExecutor(id, call), ending.Token);
            if (reply.Refusal is { } refusal)
            {
                await JsonAnswer.ErrorAsync(context, refusal.Status, refusal.Message);
                return;
            }

            context.Response.ContentType = MessageCodec.MediaType(format);
            await context.Response.BodyWriter.FlushAsync(ending.Token);
            await ExecutorStream.WriteAsync(events.Reader, context.Response.BodyWriter, format, agent.Time, ending.Token);
            if (events.Overflowed)
            {
                // Events were lost, so the stream must not look as if it had ended well.
                context.Abort();
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The executor went away, or the agent stops.
        }
        catch (TimeoutException)
        {
            context.Abort();
        }
        finally
        {
            if (!agent.Stopping.IsCancellationRequested)
            {
                await agent.Loop.TellAsync(new AgentCommand.ExecutorDisconnected(id), agent.Stopping).AsTask().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private static string Unknown(AgentSnapshot snapshot, Call call) => snapshot.Frameworks.Any(framework => framework.Info.Id.Value == call.FrameworkId.Value)
        ? $"Executor {call.ExecutorId.Value} of framework {call.FrameworkId.Value} cannot be found: it was not launched by this agent, or is over"
        : $"Framework {call.FrameworkId.Value} cannot be found on this agent";
}
