using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Orchestrator.Tests.Tidy;

namespace Orchestrator.Tests.Support;

/// <summary>
/// A real host or agent in a process of its own, on a free loopback port, with a data folder that may outlive it, so that
/// it can be killed at any moment and started again.
/// </summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    private readonly Process _process;

    private readonly BoundedOutput _output;

    private ServiceProcess(Process process, string data, int port)
    {
        _process = process;
        _output = new BoundedOutput(process);
        Data = data;
        Port = port;
        Url = new Uri($"http://127.0.0.1:{port}");
    }

    /// <summary>Its --work_dir.</summary>
    public string Data { get; }

    /// <summary>Where it listens on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Where it listens.</summary>
    public Uri Url { get; }

    /// <summary>The last lines that it printed.</summary>
    public string Output => _output.ToString();

    /// <summary>Its process.</summary>
    public int Id => _process.Id;

    /// <summary>Resident memory now, MiB.</summary>
    public double ResidentMiB
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1048576.0;
        }
    }

    /// <summary>Processor time used so far, seconds.</summary>
    public double CpuSeconds
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime.TotalSeconds;
        }
    }

    /// <summary>Starts a host; with a data folder and port of an earlier one it goes on where that one stopped.</summary>
    public static Task<ServiceProcess> StartHostAsync(string? data = null, int? port = null, params string[] arguments) =>
        StartAsync("Orchestrator.Web", "orchestrator.dll", data, port, ["--http_port", "0", .. arguments]);

    /// <summary>Starts an agent of the host at <paramref name="master"/>; the same about its data folder.</summary>
    public static Task<ServiceProcess> StartAgentAsync(Uri master, string? data = null, int? port = null, params string[] arguments) =>
        StartAsync("Orchestrator.AgentService", "orchestrator-agent.dll", data, port, ["--master", master.Authority, "--hostname", "127.0.0.1", .. arguments]);

    /// <summary>SIGKILL: no chance to say goodbye. Its children live on.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, and waits until it has gone; its exit code.</summary>
    public async Task<int> StopAsync()
    {
        await Shell.RunAsync($"kill -TERM {_process.Id}");
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    private static async Task<ServiceProcess> StartAsync(string project, string dll, string? data, int? port, string[] arguments)
    {
        data ??= Directory.CreateTempSubdirectory("orchestrator-").FullName;
        var chosen = port ?? FreePort();
        var start = new ProcessStartInfo("dotnet", [Find(project, dll), "--ip", "127.0.0.1", "--port", chosen.ToString(CultureInfo.InvariantCulture), "--work_dir", data, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        var service = new ServiceProcess(process, data, chosen);
        await service.UntilItAnswersAsync();
        return service;
    }

    private async Task UntilItAnswersAsync()
    {
        using var client = new HttpClient { BaseAddress = Url };
        for (var i = 0; i < 300; i++)
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException($"The process stopped with {_process.ExitCode}:\n{_output}");
            }

            try
            {
                using var answer = await client.GetAsync("/health");
                if ((int)answer.StatusCode < 500)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(100);
        }

        await DisposeAsync();
        throw new InvalidOperationException($"The process did not answer within 30 s:\n{_output}");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private static string Find(string project, string dll)
    {
        // The configuration that these tests were built in, so that both are the same code.
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var path = Path.Combine(Repository.Root, project, "bin", configuration, "net10.0", dll);
        return File.Exists(path) ? path : throw new InvalidOperationException($"{path} is not built: run dotnet build -c {configuration}.");
    }

    /// <summary>A port on which nothing listens now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The last lines of a process, for the message when it fails.</summary>
    private sealed class BoundedOutput
    {
        private const int MaxLines = 40;
        private readonly Queue<string> _lines = new();

        public BoundedOutput(Process process)
        {
            process.OutputDataReceived += (_, line) => Add(line.Data);
            process.ErrorDataReceived += (_, line) => Add(line.Data);
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
        }

        public override string ToString()
        {
            lock (_lines)
            {
                return string.Join('\n', _lines);
            }
        }

        private void Add(string? line)
        {
            if (line is null)
            {
                return;
            }

            lock (_lines)
            {
                _lines.Enqueue(line);
                while (_lines.Count > MaxLines)
                {
                    _lines.Dequeue();
                }
            }
        }
    }
}
