using Orchestrator.Core.Coordination;
using Orchestrator.Core.Runtime.Flags;
using Orchestrator.Web.Hosting.Security;

namespace Orchestrator.Web.Hosting;

/// <summary>The host as a program: what it prints and the code with which it ends.</summary>
public static class HostProgram
{
    /// <summary>0 after a stop, 1 when it could not start or had to stop, 2 for bad flags.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            if (args.Contains("--help"))
            {
                System.Console.WriteLine(HostFlags.Help);
                return 0;
            }

            if (args.Contains("--version"))
            {
                System.Console.WriteLine("orchestrator 0.1.0 (speaks Mesos 1.11.0, Marathon 1.11)");
                return 0;
            }

            if (args.Contains("--hash-password"))
            {
                System.Console.WriteLine(Credentials.Hash((await System.Console.In.ReadLineAsync() ?? "").Trim()));
                return 0;
            }

            await using var host = OrchestratorHost.Create(args);
            await host.RunAsync();
            return 0;
        }
        catch (FlagException error)
        {
            await System.Console.Error.WriteLineAsync(error.Message);
            return 2;
        }
        catch (Exception error) when (error is JournalException or IOException)
        {
            await System.Console.Error.WriteLineAsync(error.Message);
            return 1;
        }
    }
}
