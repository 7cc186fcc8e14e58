# A task folder that is damaged, a disk that is full, a home that may only be read: each is told clearly, and no task is lost.

BeforeDiscovery {
    $canMount = $false
    if ($IsLinux -and (Get-Command mount -ErrorAction Ignore)) {
        $probe = Join-Path ([IO.Path]::GetTempPath()) ('pester-mount-' + [guid]::NewGuid().ToString('n').Substring(0, 8))
        $null = New-Item -ItemType Directory -Path $probe
        mount -t tmpfs -o size=64k tmpfs $probe 2>$null
        $canMount = $LASTEXITCODE -eq 0
        if ($canMount) { umount $probe }
        Remove-Item $probe
    }
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1')
    Import-Module (Get-ModuleManifestPath)
    $script:nowhere = @{ SourceServer = '127.0.0.1:1'; SourceUser = 'a'; SourceNoPassword = $true; DestinationServer = '127.0.0.1:2'; DestinationUser = 'b'; DestinationNoPassword = $true; Database = 'shop' }

    function Get-WholeError {
        param($ErrorRecord)
        ($ErrorRecord | ForEach-Object { '{0} {1} {2}' -f $_.ErrorDetails.Message, $_.Exception.Message, $_.TargetObject }) -join "`n"
    }
}

Describe 'A damaged task folder' {
    BeforeAll {
        $script:testHome = Enter-TestHome
    }

    BeforeEach {
        Get-ChildItem $testHome | Remove-Item -Recurse -Force
        $null = New-MigrationTask good @nowhere
        $null = New-MigrationTask bad @nowhere
        $script:folder = Join-Path $testHome 'bad'
    }

    AfterAll {
        Exit-TestHome $testHome
    }

    It 'with <Case> in task.json is an error that names the file; the other tasks are there' -ForEach @(
        @{ Case = 'half a text'; Content = '{ "version": 1, "name": "ba' }
        @{ Case = 'nothing'; Content = '' }
        @{ Case = 'other things'; Content = '[1, 2, 3]' }
    ) {
        Set-Content (Join-Path $folder 'task.json') $Content -NoNewline
        $errors = $null
        $tasks = Get-MigrationTask -ErrorVariable errors -ErrorAction SilentlyContinue
        $tasks.Name | Should -Be 'good'
        $errors[0].FullyQualifiedErrorId | Should -BeLike 'TaskDefinitionInvalid,*'
        Get-WholeError $errors | Should -Match ([regex]::Escape((Join-Path $folder 'task.json')))
        { Start-Migration bad -ErrorAction Stop } | Should -Throw -ErrorId 'TaskDefinitionInvalid,*'

        # What is broken can be replaced.
        (New-MigrationTask bad @nowhere -Force).Name | Should -Be 'bad'
        (Get-MigrationTask).Name | Should -Be 'bad', 'good'
    }

    It 'with garbage in <_> keeps the task, and says which file it is' -ForEach 'state.json', 'status.json', 'tables.json' {
        Set-Content (Join-Path $folder $_) '{ "half' -NoNewline
        $errors = $null
        $status = Get-MigrationStatus -ErrorVariable errors -ErrorAction SilentlyContinue
        $status.Name | Should -Contain 'good'
        if ('bad' -notin $status.Name) { Get-WholeError $errors | Should -Match ([regex]::Escape($_)) }
        (Get-MigrationTask good).Name | Should -Be 'good'
        Join-Path $folder 'task.json' | Should -Exist
    }
}

Describe 'A home that cannot be written' -Skip:(-not $canMount) {
    BeforeEach {
        $disk = Join-Path ([IO.Path]::GetTempPath()) ('pester-disk-' + [guid]::NewGuid().ToString('n').Substring(0, 8))
        $null = New-Item -ItemType Directory -Path $disk
        mount -t tmpfs -o 'size=256k,mode=0700' tmpfs $disk
        $env:DTSMIGRATE_HOME = $disk
        $null = New-MigrationTask kept @nowhere -CopyThreads 4
        $script:before = Get-Content (Join-Path $disk 'kept/task.json') -Raw
    }

    AfterEach {
        # Lazily: a worker that could not begin may be on its way out.
        umount -l $disk
        Remove-Item $disk
        $env:DTSMIGRATE_HOME = $null
    }

    It 'as the disk is full, says so, and loses no task' {
        $null = dd if=/dev/zero of=$disk/ballast bs=4k 2>&1
        foreach ($action in { New-MigrationTask other @nowhere -ErrorAction Stop }, { Set-MigrationTask kept -CopyThreads 9 -ErrorAction Stop }, { New-MigrationConnection c a -User a -ErrorAction Stop }) {
            $failure = $null
            try { $null = & $action } catch { $failure = $_ }
            $failure | Should -Not -BeNullOrEmpty
            Get-WholeError $failure | Should -Match 'No space left|disk full|not enough space'
            Get-WholeError $failure | Should -Match ([regex]::Escape($disk))
        }
        { Start-Migration kept -ErrorAction Stop } | Should -Throw
        Get-Content (Join-Path $disk 'kept/task.json') -Raw | Should -BeExactly $before
        (Get-MigrationTask).Name | Should -Be 'kept'

        Remove-Item $disk/ballast
        (Get-MigrationStatus kept).WorkerPid | Should -BeNullOrEmpty
        Set-MigrationTask kept -CopyThreads 9
        (Export-MigrationTask kept | ConvertFrom-Json).options.copyThreads | Should -Be 9
        (New-MigrationTask other @nowhere).Name | Should -Be 'other'
    }

    It 'as it is read-only, says so, and still shows the tasks' {
        mount -o 'remount,ro' $disk
        foreach ($action in { New-MigrationTask other @nowhere -ErrorAction Stop }, { Set-MigrationTask kept -CopyThreads 9 -ErrorAction Stop }, { Remove-MigrationTask kept -Confirm:$false -ErrorAction Stop }) {
            $failure = $null
            try { $null = & $action } catch { $failure = $_ }
            $failure | Should -Not -BeNullOrEmpty
            Get-WholeError $failure | Should -Match 'Read-only file system|denied'
            Get-WholeError $failure | Should -Match ([regex]::Escape($disk))
        }
        { Start-Migration kept -ErrorAction Stop } | Should -Throw
        (Get-MigrationTask).Name | Should -Be 'kept'
        (Get-MigrationStatus).State | Should -Be 'Created'
        (Export-MigrationTask kept | ConvertFrom-Json).options.copyThreads | Should -Be 4
    }
}
