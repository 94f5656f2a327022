using System.Diagnostics;
using System.Threading.Channels;

namespace Orchestrator.Tests.Integration.Executors;

/// <summary>A Python program of the tests in a process of its own: lines in, lines out.</summary>
internal sealed class PythonProgram : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly List<string> _seen = [];

    private PythonProgram(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    internal static PythonProgram Start(params string[] arguments) => new(Process.Start(new ProcessStartInfo("python3", arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!);

    internal async Task TellAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Waits for a line that begins so, and gives the rest of it; lines before it are kept.</summary>
    internal async Task<string> UntilAsync(string beginning)
    {
        using var patience = new CancellationTokenSource(Support.Until.Patience);
        while (true)
        {
            if (_seen.FindIndex(line => line.StartsWith(beginning, StringComparison.Ordinal)) is >= 0 and var at)
            {
                var found = _seen[at];
                _seen.RemoveAt(at);
                return found[beginning.Length..].Trim();
            }

            try
            {
                _seen.Add(await _lines.Reader.ReadAsync(patience.Token));
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"No line '{beginning}…' came, but:\n{string.Join('\n', _seen)}");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            _lines.Writer.TryWrite(line);
        }
    }
}
