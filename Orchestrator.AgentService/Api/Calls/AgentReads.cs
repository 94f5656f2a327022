using System.Buffers;
using System.Text.Json;
using Google.Protobuf;
using Orchestrator.AgentService.Hosting;
using Orchestrator.Core.Agent;
using Orchestrator.Core.Contract;
using Orchestrator.Core.Contract.AgentApi;
using Orchestrator.Core.Contract.Json;
using Orchestrator.Core.Contract.Mesos;
using CallType = Orchestrator.Core.Contract.AgentApi.Call.Types.Type;
using ResponseType = Orchestrator.Core.Contract.AgentApi.Response.Types.Type;

namespace Orchestrator.AgentService.Api.Calls;

/// <summary>The calls that read the agent, one line each, from its newest snapshot. Secrets are left out.</summary>
internal static class AgentReads
{
    private static readonly Dictionary<CallType, Func<AgentRuntime, Response>> s_calls = new()
    {
        [CallType.GetHealth] = static _ => new Response { Type = ResponseType.GetHealth, GetHealth = new() { Healthy = true } },
        [CallType.GetVersion] = static _ => new Response { Type = ResponseType.GetVersion, GetVersion = new() { VersionInfo = new VersionInfo { Version = AgentHost.MesosVersion } } },
        [CallType.GetFlags] = static agent => new Response { Type = ResponseType.GetFlags, GetFlags = new() { Flags = { agent.Flags.Values.Shown.Select(flag => new Flag { Name = flag.Key, Value = flag.Value }) } } },
        [CallType.GetMetrics] = static agent => new Response { Type = ResponseType.GetMetrics, GetMetrics = new() { Metrics = { MetricsJson.Collect(agent).Select(metric => new Metric { Name = metric.Key, Value = metric.Value }) } } },
        [CallType.GetAgent] = static agent => new Response { Type = ResponseType.GetAgent, GetAgent = new() { AgentInfo = InfoOf(agent) } },
        [CallType.GetFrameworks] = static agent => new Response
        {
            Type = ResponseType.GetFrameworks,
            GetFrameworks = new()
            {
                Frameworks = { agent.Loop.Current.Frameworks.Select(framework => new Response.Types.GetFrameworks.Types.Framework { FrameworkInfo = framework.Info }) },
                CompletedFrameworks = { agent.Loop.Current.CompletedFrameworks.Select(framework => new Response.Types.GetFrameworks.Types.Framework { FrameworkInfo = framework.Info }) },
            },
        },
        [CallType.GetTasks] = static agent => new Response { Type = ResponseType.GetTasks, GetTasks = TasksOf(agent.Loop.Current) },

        // An agent here has none.
        [CallType.GetResourceProviders] = static _ => new Response { Type = ResponseType.GetResourceProviders, GetResourceProviders = new() },
    };

    /// <summary>Whether a call is one of these.</summary>
    internal static bool Serves(CallType type) => s_calls.ContainsKey(type);

    /// <summary>Answers it.</summary>
    internal static Task HandleAsync(HttpContext context, AgentRuntime agent, CallType type, MessageFormat format)
    {
        var text = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(text, MesosJson.WriterOptions))
        {
            MesosJson.WriteWithoutSecrets(writer, s_calls[type](agent));
        }

        // By way of the text, so that what is left out of the one is not in the other either.
        var body = format == MessageFormat.Json ? text.WrittenMemory : MesosJson.Parse<Response>(text.WrittenSpan).ToByteArray();
        context.Response.ContentType = MessageCodec.MediaType(format);
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    private static AgentInfo InfoOf(AgentRuntime agent)
    {
        var info = agent.Options.Info.Clone();
        if (agent.Loop.Current.AgentId is { Length: > 0 } id)
        {
            info.Id = new AgentID { Value = id };
        }

        return info;
    }

    private static Response.Types.GetTasks TasksOf(AgentSnapshot snapshot)
    {
        var tasks = new Response.Types.GetTasks();
        foreach (var task in snapshot.Frameworks.SelectMany(framework => framework.Tasks))
        {
            (task.Phase switch
            {
                TaskPhase.Queued => tasks.QueuedTasks,
                TaskPhase.Ended => tasks.TerminatedTasks,
                _ => tasks.LaunchedTasks,
            }).Add(ToProto(task, snapshot.AgentId));
        }

        tasks.CompletedTasks.AddRange(snapshot.Frameworks.Concat(snapshot.CompletedFrameworks).SelectMany(framework => framework.Completed).Select(task => ToProto(task, snapshot.AgentId)));
        return tasks;
    }

    private static Core.Contract.Mesos.Task ToProto(AgentTaskView view, string agentId)
    {
        var task = new Core.Contract.Mesos.Task
        {
            Name = view.Info.Name,
            TaskId = view.Info.TaskId,
            FrameworkId = new FrameworkID { Value = view.Location.FrameworkId },
            ExecutorId = new ExecutorID { Value = view.Location.ExecutorId },
            AgentId = new AgentID { Value = agentId },
            State = view.State,
            Resources = { view.Info.Resources },
            Statuses = { view.Statuses },
            Labels = view.Info.Labels,
            Discovery = view.Info.Discovery,
            Container = view.Info.Container,
            HealthCheck = view.Info.HealthCheck,
        };
        task.Limits.Add(view.Info.Limits);
        return task;
    }
}
