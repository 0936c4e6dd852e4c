using Grid.Abstractions;

namespace Grid.Grains.Balancing.Control;

/// <summary>What the balancer of a cluster does, and how fast. Those of the silo that holds it count, so give all silos the same.</summary>
public sealed class BalancerOptions
{
    /// <summary>Whether it acts by itself, only says what it would do, or waits to be asked. Default <see cref="BalanceMode.On"/>.</summary>
    public BalanceMode Mode { get; set; } = BalanceMode.On;

    /// <summary>Time between two looks. 1 s to 10 minutes, default 10 s.</summary>
    public TimeSpan Period { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Shards that move at the same time. 1 to 32, default 4: a target keeps at most 32 that it read ahead.</summary>
    public int MovesAtOnce { get; set; } = 4;

    /// <summary>Most moves in any minute. 1 to 100,000, default 120.</summary>
    public int MovesPerMinute { get; set; } = 120;

    /// <summary>Silos whose utilisation differs from the mean by less than this share of their cores are left alone. 0.001 to 1, default 0.05.</summary>
    public double MinGapShare { get; set; } = BalancePolicy.Default.MinGapShare;

    /// <summary>For how long a silo is busy or idle before anything is done about it. 0 to 1 hour, default 10 s.</summary>
    public TimeSpan Sustain { get; set; } = TimeSpan.FromMilliseconds(BalancePolicy.Default.SustainMs);

    /// <summary>After this time half of a change shows in the load of a silo, and what its start took counts half. 1 s to 5 minutes, default 15 s.</summary>
    public TimeSpan HalfLife { get; set; } = TimeSpan.FromMilliseconds(BalancePolicy.Default.HalfLifeMs);

    /// <summary>A shard that was moved stays for this time, unless its silo drains. 1 s to 1 day, default 2 minutes.</summary>
    public TimeSpan CoolDown { get; set; } = TimeSpan.FromMilliseconds(BalancePolicy.Default.CoolDownMs);

    /// <summary>Adds every mistake, each with its name and range.</summary>
    /// <param name="section">What the names begin with.</param>
    /// <param name="errors">Where to add.</param>
    public void Check(string section, ICollection<string> errors)
    {
        if (!Enum.IsDefined(Mode))
        {
            errors.Add($"{section}:Mode is {Mode}; it is On, DryRun or Off.");
        }

        Check(nameof(Period), Period, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        Check(nameof(Sustain), Sustain, TimeSpan.Zero, TimeSpan.FromHours(1));
        Check(nameof(HalfLife), HalfLife, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));
        Check(nameof(CoolDown), CoolDown, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        Check(nameof(MovesAtOnce), MovesAtOnce, 1, 32);
        Check(nameof(MovesPerMinute), MovesPerMinute, 1, 100_000);
        Check(nameof(MinGapShare), MinGapShare, 0.001, 1);

        void Check<T>(string name, T value, T least, T most)
            where T : IComparable<T>
        {
            // So that not-a-number, which compares below everything, is out of range too.
            if (!(value.CompareTo(least) >= 0 && value.CompareTo(most) <= 0))
            {
                errors.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{section}:{name} is {value}; it is {least} to {most}."));
            }
        }
    }

    internal BalancePolicy ToPolicy() => BalancePolicy.Default with
    {
        MinGapShare = MinGapShare,
        HalfLifeMs = (long)HalfLife.TotalMilliseconds,
        SustainMs = (long)Sustain.TotalMilliseconds,
        CoolDownMs = (long)CoolDown.TotalMilliseconds,
    };
}
