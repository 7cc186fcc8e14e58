using System.Text;
using DtsMigrate.Engine.Progress;
using DtsMigrate.Engine.Tasks;
using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.Tests.Tasks;

public sealed class TaskStateMachineTests : IDisposable
{
    private readonly TemporaryHome _home = new();
    private readonly AutoTime _time = new();
    private readonly ListLog _log = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void A_transition_is_persisted_with_its_reason()
    {
        TaskStateMachine states = New();

        Assert.True(states.TryTransition(TaskState.Created, TaskState.Starting, "Started."));
        Assert.True(states.TryTransition(TaskState.Starting, TaskState.FullCopy, "Copying."));

        TaskStateRecord found = New().Current;
        Assert.Equal((TaskState.FullCopy, "FullCopy", "Copying."), (found.State, found.Phase, found.Reason));
        Assert.Equal(_time.GetUtcNow(), found.StartedAt);
        Assert.Equal(["Created to Starting: Started.", "Starting to FullCopy: Copying."], _log.Messages);
    }

    [Fact]
    public void A_transition_from_another_state_than_expected_changes_nothing()
    {
        TaskStateMachine states = New();
        Assert.True(states.TryTransition(TaskState.Created, TaskState.Starting, "a"));

        Assert.False(states.TryTransition(TaskState.Created, TaskState.Prechecking, "b"));

        Assert.Equal(TaskState.Starting, states.State);
        Assert.Equal(TaskState.Starting, New().State);
        Assert.Single(_log.Messages);
    }

    [Fact]
    public void A_transition_that_is_not_in_the_table_is_an_error_of_the_program() =>
        Assert.Throws<InvalidOperationException>(() => New().TryTransition(TaskState.Created, TaskState.Completed, "x"));

    [Fact]
    public void A_state_that_cannot_be_written_is_not_shown()
    {
        TaskStateMachine states = New();
        _home.Folder().Prepare();
        Directory.CreateDirectory(_home.Folder().StateFile);

        Assert.ThrowsAny<Exception>(() => states.TryTransition(TaskState.Created, TaskState.Starting, "x"));

        Assert.Equal(TaskState.Created, states.State);
        Assert.Empty(_log.Messages);
    }

    [Fact]
    public void The_phase_stays_while_the_state_is_no_station()
    {
        TaskStateMachine states = New();
        foreach (TaskState next in new[] { TaskState.Starting, TaskState.Schema, TaskState.FullCopy, TaskState.Retrying })
        {
            Assert.True(states.TryTransition(next, "x"));
        }

        Assert.Equal("FullCopy", states.Current.Phase);
    }

    [Fact]
    public void An_error_is_kept_until_the_next_transition()
    {
        TaskStateMachine states = New();
        Assert.True(states.TryTransition(TaskState.Starting, "x"));
        Assert.True(states.TryTransition(TaskState.Failed, "y", new DtsMigrateException("Boom", "It broke.") { RecommendedAction = "Mend it." }));

        Assert.Equal(("It broke.", "Boom", "Mend it."), (states.Current.Error, states.Current.ErrorCode, states.Current.RecommendedAction));
        Assert.True(states.TryTransition(TaskState.Starting, "z"));
        Assert.Null(states.Current.Error);
        Assert.Null(states.Current.ErrorCode);
    }

    [Fact]
    public void Of_many_that_try_one_wins()
    {
        TaskStateMachine states = New();
        int won = 0;
        Parallel.For(0, 16, _ =>
        {
            if (states.TryTransition(TaskState.Created, TaskState.Starting, "x"))
            {
                Interlocked.Increment(ref won);
            }
        });

        Assert.Equal(1, won);
    }

    [Fact]
    public void Every_state_has_its_transitions_and_can_be_reached_from_Created()
    {
        var reached = new HashSet<TaskState> { TaskState.Created };
        var open = new Queue<TaskState>(reached);
        while (open.TryDequeue(out TaskState state))
        {
            foreach (TaskState next in TaskStateMachine.NextOf(state).Where(reached.Add))
            {
                open.Enqueue(next);
            }
        }

        Assert.Equal(Enum.GetValues<TaskState>().Order(), reached.Order());
    }

    [Fact]
    public void Every_active_state_can_fail_stop_and_be_found_interrupted()
    {
        foreach (TaskState state in Enum.GetValues<TaskState>().Where(state => state.IsActive()))
        {
            Assert.True(TaskStateMachine.IsLegal(state, TaskState.Interrupted), $"{state} to Interrupted");
            Assert.True(TaskStateMachine.IsLegal(state, TaskState.Failed), $"{state} to Failed");
            Assert.True(state == TaskState.Stopping || TaskStateMachine.IsLegal(state, TaskState.Stopping), $"{state} to Stopping");
        }
    }

    [Fact]
    public void Every_state_at_rest_can_be_started()
    {
        foreach (TaskState state in Enum.GetValues<TaskState>().Where(state => state.IsAtRest()))
        {
            Assert.True(TaskStateMachine.IsLegal(state, TaskState.Starting), $"{state} to Starting");
        }
    }

    /// <summary>The table as text: whoever changes it changes this test and the diagram in the README knowingly.</summary>
    [Fact]
    public void The_table_of_transitions_is_the_one_in_the_README()
    {
        var diagram = new StringBuilder("stateDiagram-v2\n    [*] --> Created\n");
        foreach (TaskState state in Enum.GetValues<TaskState>())
        {
            foreach (TaskState next in TaskStateMachine.NextOf(state).Order())
            {
                diagram.Append("    ").Append(state).Append(" --> ").Append(next).Append('\n');
            }
        }

        string readme = File.ReadAllText(Repository.File("src/DtsMigrate.Engine/Tasks/README.md")).ReplaceLineEndings("\n");
        Assert.Contains(diagram.ToString(), readme, StringComparison.Ordinal);
    }

    private TaskStateMachine New() => new(_home.Folder(), _log, _time);

    private sealed class ListLog : IRunLog
    {
        public List<string> Messages { get; } = [];

        public void Write(LogLevel level, string phase, string message) => Messages.Add(message);
    }
}
