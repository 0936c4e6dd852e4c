using Grid.Client;
using Grid.Primitives;
using Grid.Silo.Http.Json;

namespace Grid.Silo.Http.Reading;

/// <summary>The members that both kinds of prediction request have.</summary>
internal struct PredictShared
{
    private string? _version;
    private int _deadlineMs;
    private bool _withFeatures;

    public DateTimeOffset? AsOf { get; private set; }

    /// <summary>Reads the member that the cursor stands on; false where it is none of these.</summary>
    public bool TryRead(ref JsonCursor cursor)
    {
        if (cursor.Is("as_of"u8))
        {
            AsOf = cursor.Time();
        }
        else if (cursor.Is("version"u8))
        {
            _version = cursor.OptionalText();
            if (_version is not null)
            {
                // A version by its name, or by an alias.
                GridNames.Require("version", _version.StartsWith('@') ? _version[1..] : _version);
            }
        }
        else if (cursor.Is("deadline_ms"u8))
        {
            _deadlineMs = (int)cursor.Integer(1, PredictReader.MaxDeadlineMs);
        }
        else if (cursor.Is("with_features"u8))
        {
            _withFeatures = cursor.Bool();
        }
        else
        {
            return false;
        }

        return true;
    }

    public readonly PredictOptions ToOptions() =>
        _version is null && _deadlineMs == 0 && !_withFeatures
            ? PredictOptions.Default
            : new PredictOptions
            {
                Version = _version,
                Deadline = _deadlineMs == 0 ? null : TimeSpan.FromMilliseconds(_deadlineMs),
                WithFeatures = _withFeatures,
            };
}
