using Orchestrator.Core.Runtime.Flags;
using System.Runtime.InteropServices;
using Orchestrator.AgentService.Hosting;
using Orchestrator.AgentService.Sandbox;

if (args.Contains("--version"))
{
    Console.WriteLine($"{AgentHost.MesosVersion} ({AgentHost.OwnVersion})");
    return 0;
}

if (args.Contains("--help") || args.Contains("-h"))
{
    Console.WriteLine("usage: orchestrator-agent --master=HOST:PORT --work_dir=DIR [--flag=value …]   (or MESOS_FLAG in the environment)");
    Console.WriteLine(AgentFlagTable.All.Help);
    return 0;
}

using var stop = new CancellationTokenSource();
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
try
{
    await using var host = AgentHost.Create(args);
    return await host.RunAsync(stop.Token);
}
catch (Exception e) when (e is FlagException or CheckpointException)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}
