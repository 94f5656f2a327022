using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Orchestrator.Tests.Support;

internal static class BunitInit
{
    // bunit 2.15.2 is compiled against AngleSharp.Diffing 1.0.0.0; the NuGet copy has 0.17.0, which works, but the
    // default binder refuses a lower version: hand it over ourselves.
    [ModuleInitializer]
    internal static void Run() =>
        AssemblyLoadContext.Default.Resolving += (context, name) =>
            name.Name == "AngleSharp.Diffing" ? context.LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, "AngleSharp.Diffing.dll")) : null;
}
