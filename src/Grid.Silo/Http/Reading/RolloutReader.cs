using Grid.Abstractions;
using Grid.Client.Wire;
using Grid.Primitives;
using Grid.Silo.Http.Json;

namespace Grid.Silo.Http.Reading;

/// <summary>Reads the bodies that change a rollout. Shares and names are checked where they are applied.</summary>
internal static class RolloutReader
{
    public static Canary ReadCanary(ref JsonCursor cursor)
    {
        string? version = null;
        double? share = null;
        var sticky = StickyBy.Entity;
        var automatic = true;
        cursor.BeginObject();
        while (cursor.NextMember())
        {
            if (cursor.Is("version"u8))
            {
                version = cursor.Text();
            }
            else if (cursor.Is("share"u8))
            {
                share = cursor.Number();
            }
            else if (cursor.Is("sticky"u8))
            {
                sticky = WireRollouts.StickyOf(cursor.OptionalText());
            }
            else
            {
                automatic = cursor.Is("automatic"u8) ? cursor.Bool() : throw cursor.Unknown("version, share, sticky, automatic");
            }
        }

        return new Canary(
            version ?? throw JsonFault.Missing("version", "the version on trial"),
            share ?? throw JsonFault.Missing("share", "percent of the traffic, over 0 and up to 100"),
            sticky,
            automatic);
    }

    public static Experiment ReadExperiment(ref JsonCursor cursor)
    {
        var arms = new List<RolloutArm>();
        var sticky = StickyBy.Entity;
        cursor.BeginObject();
        while (cursor.NextMember())
        {
            if (cursor.Is("arms"u8))
            {
                cursor.BeginArray("a list of arms");
                while (cursor.NextItem())
                {
                    arms.Add(ReadArm(ref cursor, arms.Count));
                }
            }
            else
            {
                sticky = cursor.Is("sticky"u8) ? WireRollouts.StickyOf(cursor.OptionalText()) : throw cursor.Unknown("arms, sticky");
            }
        }

        return new Experiment([.. arms], sticky);
    }

    /// <summary><c>{"version": "name", "reason": "text"}</c>, both optional.</summary>
    public static StepRequestBody ReadStep(ref JsonCursor cursor)
    {
        string? version = null, reason = null;
        cursor.BeginObject();
        while (cursor.NextMember())
        {
            if (cursor.Is("version"u8))
            {
                version = cursor.OptionalText();
            }
            else
            {
                reason = cursor.Is("reason"u8) ? cursor.OptionalText() : throw cursor.Unknown("version, reason");
            }
        }

        return new StepRequestBody { Version = version, Reason = reason };
    }

    /// <summary><c>{"value": "text"}</c>.</summary>
    public static string ReadTag(ref JsonCursor cursor)
    {
        string? value = null;
        cursor.BeginObject();
        while (cursor.NextMember())
        {
            value = cursor.Is("value"u8) ? cursor.Text() : throw cursor.Unknown("value");
        }

        return value ?? throw JsonFault.Missing("value", "the tag's text");
    }

    private static RolloutArm ReadArm(ref JsonCursor cursor, int index)
    {
        string? name = null, version = null;
        double? weight = null;
        cursor.RequireObject();
        while (cursor.NextMember())
        {
            if (cursor.Is("name"u8))
            {
                name = cursor.Text();
            }
            else if (cursor.Is("version"u8))
            {
                version = cursor.Text();
            }
            else
            {
                weight = cursor.Is("weight"u8) ? cursor.Number() : throw cursor.Unknown("name, version, weight");
            }
        }

        if (index >= 64)
        {
            throw new GridError(GridErrorCode.TooLarge, "arms", "are over 64.", "An experiment has 2 to 16.").ToException();
        }

        return new RolloutArm(
            name ?? throw JsonFault.Missing($"arms[{index}].name", "what answers call it"),
            version ?? throw JsonFault.Missing($"arms[{index}].version", "the version that answers for it"),
            weight ?? throw JsonFault.Missing($"arms[{index}].weight", "its share over the sum of all"));
    }
}
