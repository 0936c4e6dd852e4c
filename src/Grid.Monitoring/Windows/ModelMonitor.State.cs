using Grid.Monitoring.Baselines;
using Grid.Monitoring.Formats;
using Grid.Monitoring.Performance;
using Grid.Monitoring.Signals;
using Grid.Monitoring.Sketches;
using Grid.Primitives;

namespace Grid.Monitoring.Windows;

/// <content>The stored form: one checksummed blob. Format 1 is one without tenants, which older builds read too; format 2 has them.</content>
public sealed partial class ModelMonitor
{
    private const string Magic = "GMON";
    private const byte WithoutTenants = 1;
    private const byte WithTenants = 2;
    private const int MaximumAlarms = 8 * SketchLayout.MaximumColumns;
    private const int MaximumBlob = 64 << 20;

    /// <summary>All that <see cref="Load"/> needs to go on exactly where this is.</summary>
    public byte[] Save()
    {
        var hasTenants = _windows.Values.Append<OpenWindow?>(_carried).Any(static w => w is { Tenants.Count: > 0 } or { Losses: not null });
        return Binary.Seal(Magic, hasTenants ? WithTenants : WithoutTenants, writer => Write(writer, hasTenants));
    }

    /// <summary>Goes on from a stored state.</summary>
    /// <param name="fresh">A monitor made from the same baseline and columns, that nothing was merged into.</param>
    /// <param name="saved">From <see cref="Save"/>.</param>
    /// <exception cref="GridException">The bytes are damaged, of an unknown format, or were saved under another baseline.</exception>
    public static ModelMonitor Load(ModelMonitor fresh, ReadOnlyMemory<byte> saved)
    {
        var format = Binary.FormatOf(saved, WithTenants);
        return Binary.Open(Magic, format, $"state of the monitor of '{fresh._version}'", saved, reader => fresh.Read(reader, format == WithTenants));
    }

    private void Write(BinaryWriter writer, bool withTenants)
    {
        writer.Write(_layout.Fingerprint);
        var learned = _baseline is { Provisional: true } ? _baseline.ToJson() : [];
        WriteBlob(writer, learned);
        writer.Write(_closedUpTo.UtcTicks);
        writer.Write(LateRows);
        _ledger.Write(writer);
        _outcomes.Write(writer);
        writer.Write7BitEncodedInt(_windows.Count);
        foreach (var (start, window) in _windows)
        {
            writer.Write(start.UtcTicks);
            Write(writer, window, withTenants);
        }

        writer.Write(_carried is not null);
        if (_carried is not null)
        {
            Write(writer, _carried, withTenants);
        }

        writer.Write7BitEncodedInt(_season.Count);
        foreach (var past in _season)
        {
            past.Write(writer);
        }

        writer.Write7BitEncodedInt(_alarms.Count);
        foreach (var (key, alarm) in _alarms)
        {
            writer.Write(key);
            writer.Write(alarm.Hits);
            writer.Write(alarm.Open);
            writer.Write7BitEncodedInt(alarm.QuietFor);
            writer.Write7BitEncodedInt(alarm.Rest);
        }

        writer.Write7BitEncodedInt(_open.Count);
        foreach (var (key, signal) in _open)
        {
            writer.Write(key);
            WriteBlob(writer, SignalEvents.Store(signal));
        }

        writer.Write7BitEncodedInt(_cleared.Count);
        foreach (var signal in _cleared)
        {
            WriteBlob(writer, SignalEvents.Store(signal));
        }

        _errors.Write(writer);
        writer.Write(_learnedPerformance is not null);
        if (_learnedPerformance is { } p)
        {
            writer.Write(p.Rows);
            foreach (var value in (double?[])[p.Auc, p.LogLoss, p.Brier, p.CalibrationError, p.Rmse, p.Mae])
            {
                writer.Write(value ?? double.NaN);
            }
        }
    }

    private ModelMonitor Read(BinaryReader reader, bool withTenants)
    {
        var fingerprint = reader.ReadUInt64();
        if (ReadBlob(reader) is { Length: > 0 } learned)
        {
            _baseline = Baseline.Parse(learned);
            _layout = _baseline.Layout();
        }

        if (fingerprint != _layout.Fingerprint)
        {
            throw new GridError(GridErrorCode.Conflict, $"state of the monitor of '{_version}'", "was saved under another baseline.", "Begin anew: drop the stored state.").ToException();
        }

        _closedUpTo = Binary.ReadTime(reader);
        LateRows = reader.ReadInt64();
        _ledger.Read(reader);
        _outcomes.Read(reader);
        for (var n = Binary.ReadLength(reader, MaximumOpenWindows); n > 0; n--)
        {
            _windows.Add(Binary.ReadTime(reader), ReadWindow(reader, withTenants));
        }

        _carried = reader.ReadBoolean() ? ReadWindow(reader, withTenants) : null;
        CarryOtherWindows();
        for (var n = Binary.ReadLength(reader, MonitorOptions.MaximumSeasonWindows); n > 0; n--)
        {
            _season.Enqueue(SketchSet.Read(reader, _layout));
        }

        for (var n = Binary.ReadLength(reader, MaximumAlarms); n > 0; n--)
        {
            _alarms.Add(reader.ReadString(), new Alarm(reader.ReadUInt32(), reader.ReadBoolean(), reader.Read7BitEncodedInt(), reader.Read7BitEncodedInt()));
        }

        for (var n = Binary.ReadLength(reader, MaximumAlarms); n > 0; n--)
        {
            _open.Add(reader.ReadString(), SignalEvents.Restore(ReadBlob(reader)));
        }

        for (var n = Binary.ReadLength(reader, MaximumCleared); n > 0; n--)
        {
            _cleared.Enqueue(SignalEvents.Restore(ReadBlob(reader)));
        }

        _errors.Read(reader);
        if (reader.ReadBoolean())
        {
            _learnedPerformance = new PerformanceReference(reader.ReadInt64(), Known(), Known(), Known(), Known(), Known(), Known());
        }

        return this;

        double? Known() => reader.ReadDouble() is var v && double.IsNaN(v) ? null : v;
    }

    /// <summary>Windows that begin where none does under the options, for they were of another length: the next one takes them in.</summary>
    private void CarryOtherWindows()
    {
        foreach (var start in _windows.Keys.Where(start => _options.WindowStart(start) != start).ToArray())
        {
            var window = _windows[start];
            _windows.Remove(start);
            if (_carried is not null)
            {
                Join(window, _carried);
            }

            _carried = window;
        }
    }

    private static void Write(BinaryWriter writer, OpenWindow window, bool withTenants)
    {
        writer.Write(window.From.UtcTicks);
        window.Sketches.Write(writer);
        writer.Write(window.Binary is not null);
        window.Binary?.Write(writer);
        writer.Write(window.Regression is not null);
        window.Regression?.Write(writer);
        if (withTenants)
        {
            writer.Write7BitEncodedInt(window.Tenants.Count);
            foreach (var (column, tenants) in window.Tenants)
            {
                writer.Write7BitEncodedInt(column);
                tenants.Write(writer);
            }

            writer.Write(window.Losses is not null);
            window.Losses?.Write(writer);
        }
    }

    private OpenWindow ReadWindow(BinaryReader reader, bool withTenants)
    {
        var window = new OpenWindow(_layout, Binary.ReadTime(reader))
        {
            Sketches = SketchSet.Read(reader, _layout),
            Binary = reader.ReadBoolean() ? BinaryPerformance.Read(reader) : null,
            Regression = reader.ReadBoolean() ? RegressionPerformance.Read(reader) : null,
        };
        for (var n = withTenants ? Binary.ReadLength(reader, OpenWindow.MaximumTenantColumns) : 0; n > 0; n--)
        {
            var column = Binary.ReadLength(reader, _layout.Columns.Length - 1);
            window.Tenants.Add(column, TenantSketch.Read(reader, _layout.Columns[column], TenantSketch.WindowTenants));
        }

        window.Losses = withTenants && reader.ReadBoolean() ? TenantLosses.Read(reader) : null;
        return window;
    }

    private static void WriteBlob(BinaryWriter writer, byte[] blob)
    {
        writer.Write7BitEncodedInt(blob.Length);
        writer.Write(blob);
    }

    private static byte[] ReadBlob(BinaryReader reader)
    {
        var length = Binary.ReadLength(reader, MaximumBlob);
        return reader.ReadBytes(length) is { } blob && blob.Length == length ? blob : throw new EndOfStreamException("bytes are missing");
    }
}
