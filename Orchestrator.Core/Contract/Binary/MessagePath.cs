using System.Globalization;
using System.Text;

namespace Orchestrator.Core.Contract.Binary;

/// <summary>Where in a message a reader stands; becomes text only for an error: <c>accept.operations[2].launch</c>.</summary>
internal sealed class MessagePath
{
    private const int NoIndex = -1;
    private Step[] _steps = new Step[16];
    private int _depth;

    internal void Push(string name)
    {
        if (_depth == _steps.Length)
        {
            Array.Resize(ref _steps, _depth * 2);
        }

        _steps[_depth++] = new Step(name, NoIndex);
    }

    /// <summary>Which element of the list named last.</summary>
    internal void SetIndex(int index) => _steps[_depth - 1] = _steps[_depth - 1] with { Index = index };

    internal void Pop() => _depth--;

    /// <summary>The path of a field of the message where the reader stands.</summary>
    internal string Of(string field) => _depth == 0 ? field : $"{this}.{field}";

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder();
        for (var i = 0; i < _depth; i++)
        {
            text.Append(i == 0 ? "" : ".").Append(_steps[i].Name);
            if (_steps[i].Index != NoIndex)
            {
                text.Append(CultureInfo.InvariantCulture, $"[{_steps[i].Index}]");
            }
        }

        return text.ToString();
    }

    private readonly record struct Step(string Name, int Index);
}
